import type { EventLogRecord } from '../../handlers/contract/ledger.js';
import type { RefusalLogRecord } from '../../handlers/contract/refusal.js';
import type { World } from './world.js';

/** What the handlers logged of one event, oldest first. Throws when the logs may not be read. */
export async function readEventLog(world: World, eventId: string, since: Date): Promise<EventLogRecord[]> {
  const outputs = await world.stackOutputs();
  const groups = [outputs?.eventLogGroupName, outputs?.webhookLogGroupName].filter(
    (group) => group !== undefined,
  );
  const found = await Promise.all(groups.map((group) => readGroup(world, group, eventId, since)));
  return found.flat().sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
}

async function readGroup(
  world: World,
  group: string,
  eventId: string,
  since: Date,
): Promise<EventLogRecord[]> {
  const lines = await world.logs.filterEvents({
    group,
    pattern: `"${eventId}"`,
    since: new Date(since.getTime() - 60_000).toISOString(),
    most: 100,
  });
  return lines
    .map((line) => readLine<EventLogRecord>(line.message, 'stripe-event'))
    .filter((record) => record !== undefined && record.eventId === eventId) as EventLogRecord[];
}

function readLine<R extends { message: string }>(text: string, message: R['message']): R | undefined {
  try {
    const line = JSON.parse(text) as { message?: unknown };
    // With JSON logging Lambda wraps what the handler printed.
    const record = (typeof line.message === 'object' ? line.message : line) as R;
    return record.message === message ? record : undefined;
  } catch {
    return undefined;
  }
}

export interface RefusalQuery {
  /** Only of requests that say they are this event. */
  eventId?: string;
  since: Date;
  /** At most so many lines; 100 unless given. */
  most?: number;
}

/**
 * Requests whose signature our webhook refused, oldest first. What they say of themselves is not proven: anybody can
 * send them. Throws when the logs may not be read.
 */
export async function readRefusals(world: World, query: RefusalQuery): Promise<RefusalLogRecord[]> {
  const group = (await world.stackOutputs())?.webhookLogGroupName;
  if (!group) return [];
  const lines = await world.logs.filterEvents({
    group,
    pattern: `"signature-refused"${query.eventId ? ` "${query.eventId}"` : ''}`,
    since: query.since.toISOString(),
    most: query.most ?? 100,
  });
  return lines
    .map(({ message }) => readLine<RefusalLogRecord>(message, 'signature-refused'))
    .filter((record) => record !== undefined)
    .filter(({ eventId }) => !query.eventId || eventId === query.eventId);
}

/** Events that a function of ours handled well since then: at most a hundred. Probes and refusals are none. */
export async function readHandled(world: World, group: string, since: Date): Promise<EventLogRecord[]> {
  const lines = await world.logs.filterEvents({
    group,
    pattern: '"stripe-event" "INFO"',
    since: since.toISOString(),
    most: 100,
  });
  return lines
    .map(({ message }) => readLine<EventLogRecord>(message, 'stripe-event'))
    .filter((record) => record !== undefined && record.outcome !== 'error') as EventLogRecord[];
}

/** Events that the function of a path took since then, with a signature or from its bus. At most a hundred. */
export async function readDeliveries(
  world: World,
  via: 'eventbridge' | 'webhook',
  since: Date,
): Promise<EventLogRecord[]> {
  const outputs = await world.stackOutputs();
  const group = via === 'webhook' ? outputs?.webhookLogGroupName : outputs?.eventLogGroupName;
  if (!group) return [];
  const lines = await world.logs.filterEvents({
    group,
    pattern: `"stripe-event" "${via}"`,
    since: since.toISOString(),
    most: 100,
  });
  return lines
    .map(({ message }) => readLine<EventLogRecord>(message, 'stripe-event'))
    .filter((record) => record?.via === via) as EventLogRecord[];
}
