import type { EventLogRecord } from '../../handlers/contract/ledger.js';
import type { World } from '../world/world.js';

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
    .map((line) => readRecord(line.message))
    .filter((record) => record !== undefined && record.eventId === eventId) as EventLogRecord[];
}

function readRecord(message: string): EventLogRecord | undefined {
  try {
    const line = JSON.parse(message) as EventLogRecord & { message?: unknown };
    // With JSON logging Lambda wraps what the handler printed.
    const record = (typeof line.message === 'object' ? line.message : line) as EventLogRecord;
    return record.message === 'stripe-event' ? record : undefined;
  } catch {
    return undefined;
  }
}
