import { type DeadLetter, readDeadLetter } from '../../handlers/contract/dead-letter.js';
import type { EventLogRecord } from '../../handlers/contract/ledger.js';
import type { RefusalLogRecord } from '../../handlers/contract/refusal.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import type { EventSource, Rule } from '../aws/eventbridge.js';

import { CannotLookError } from '../core/errors.js';
import type { EventDestination } from '../stripe/event-destinations.js';
import type { WebhookEndpoint } from '../stripe/webhook-endpoints.js';
import { ourDestination } from '../world/destination.js';
import { readEventLog, readRefusals } from '../world/handler-logs.js';
import { type PathQueue, type PaymentPath, paymentPath } from '../world/payment-path.js';
import { ourEndpoint } from '../world/webhook.js';
import type { World } from '../world/world.js';

/** A message of a dead-letter queue that holds the event. */
export interface FoundLetter {
  queue: PathQueue;
  /** ISO 8601: when it came into the queue. */
  sentAt: string | null;
  letter: DeadLetter;
}

/** What the clouds show of an event's way, and of the parts that it should have passed. */
export interface TraceContext {
  path: PaymentPath | undefined;
  destination: EventDestination | undefined;
  source: EventSource | undefined;
  rule: Rule | undefined;
  endpoint: WebhookEndpoint | undefined;
  /** How many events the rule matched around that time; null where that is not known. */
  matched: number | null;
  /** How many of them neither the target nor its dead-letter queue took; null where that is not known. */
  dropped: number | null;
  log: EventLogRecord[];
  /** Requests that say they are this event and whose signature the webhook refused, oldest first. */
  refusals: RefusalLogRecord[];
  /** Lines that name the event in the logs of functions that are not ours, oldest first. */
  mentions: { functionName: string; role: string; at: string; isError: boolean }[];
  letters: FoundLetter[];
  /** Dead letters that were not looked at, because a look is at ten of a queue at most. */
  unlookedLetters: number;
  unseen: string[];
}

const MATCHED_BEFORE_MS = 5 * 60_000;
const MATCHED_AFTER_MS = 15 * 60_000;
/** CloudWatch keeps minutes for 15 days, and five minutes for 63. */
const PERIOD_SECONDS = 300;

/** Looks at all of it at once. What cannot be looked at is told in `unseen`, and the rest goes on. */
export async function readContext(world: World, event: StripeEvent): Promise<TraceContext> {
  const unseen: string[] = [];
  const guarded = async <T>(what: string, look: () => Promise<T>, instead: T): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof CannotLookError)) throw error;
      unseen.push(`${what}: ${error.message}`);
      return instead;
    }
  };
  const path = await guarded('The deployed path', () => paymentPath(world), undefined);
  const [parts, endpoint, matched, dropped, log, refusals, mentions, dead] = await Promise.all([
    guarded('Destination and source', () => partsOf(world, path), NO_PARTS),
    guarded(
      'The webhook endpoint',
      async () => (world.settings.webhook && path?.managed ? ourEndpoint(world) : undefined),
      undefined,
    ),
    guarded('The metrics of the rule', () => countAround(world, path, 'MatchedEvents', event), null),
    guarded(
      'The metrics of the rule',
      () => countAround(world, path, 'InvocationsFailedToBeSentToDlq', event),
      null,
    ),
    guarded('The logs', () => logOf(world, path, event), []),
    guarded('The logs of the webhook', () => refusalsOf(world, path, event), []),
    guarded('The logs', () => mentionsOf(world, path, event), []),
    guarded('The dead-letter queues', () => lettersOf(world, path, event.id), { letters: [], unlooked: 0 }),
  ]);
  return {
    path,
    ...parts,
    endpoint,
    matched,
    dropped,
    log,
    refusals,
    mentions,
    letters: dead.letters,
    unlookedLetters: dead.unlooked,
    unseen: [...new Set(unseen)],
  };
}

type Parts = Pick<TraceContext, 'destination' | 'source' | 'rule'>;
const NO_PARTS: Parts = { destination: undefined, source: undefined, rule: undefined };

async function partsOf(world: World, path: PaymentPath | undefined): Promise<Parts> {
  const destination = await ourDestination(world);
  const rule = path?.rules[0];
  const [source, found] = await Promise.all([
    destination && world.eventbridge.describeEventSource(destination.sourceName),
    rule && world.eventbridge.describeRule(rule.busName, rule.name),
  ]);
  return { destination, source, rule: found };
}

/** What the rule counted in the minutes around the event: of all events of those minutes. */
async function countAround(
  world: World,
  path: PaymentPath | undefined,
  name: string,
  event: StripeEvent,
): Promise<number | null> {
  const at = event.created * 1000;
  const rule = path?.rules[0];
  if (!rule) return null;
  const points = await world.cloudwatch.metric({
    namespace: 'AWS/Events',
    name,
    dimensions:
      rule.busName === 'default'
        ? { RuleName: rule.name }
        : { EventBusName: rule.busName, RuleName: rule.name },
    statistic: 'Sum',
    windowSeconds: Math.ceil((Date.now() - at + MATCHED_BEFORE_MS) / 1000),
    periodSeconds: PERIOD_SECONDS,
  });
  return points
    .filter(({ time }) => {
      const distance = Date.parse(time) - at;
      return distance > -MATCHED_BEFORE_MS && distance < MATCHED_AFTER_MS;
    })
    .reduce((sum, { value }) => sum + value, 0);
}

async function logOf(
  world: World,
  path: PaymentPath | undefined,
  event: StripeEvent,
): Promise<EventLogRecord[]> {
  return path?.managed ? readEventLog(world, event.id, new Date(event.created * 1000)) : [];
}

async function refusalsOf(
  world: World,
  path: PaymentPath | undefined,
  event: StripeEvent,
): Promise<RefusalLogRecord[]> {
  if (!path?.managed || !world.settings.webhook) return [];
  return readRefusals(world, { eventId: event.id, since: new Date(event.created * 1000 - 60_000) });
}

/** Another handler's log has no shape that we know; but a line that names the event shows that it was there. */
async function mentionsOf(
  world: World,
  path: PaymentPath | undefined,
  event: StripeEvent,
): Promise<TraceContext['mentions']> {
  if (!path || path.managed) return [];
  const found = await Promise.all(
    path.functions.map(async ({ name, role }) => {
      const group = (await world.lambda.function(name))?.logGroup;
      if (!group) return [];
      const lines = await world.logs.filterEvents({
        group,
        pattern: `"${event.id}"`,
        since: new Date(event.created * 1000 - 60_000).toISOString(),
        most: 20,
      });
      return lines.map(({ time, message }) => ({
        functionName: name,
        role,
        at: time,
        isError: /\bERROR\b|errorType/.test(message),
      }));
    }),
  );
  return found.flat().sort((a, b) => a.at.localeCompare(b.at));
}

async function lettersOf(
  world: World,
  path: PaymentPath | undefined,
  eventId: string,
): Promise<{ letters: FoundLetter[]; unlooked: number }> {
  const looks = await Promise.all(
    (path?.queues ?? []).map(async (queue) => {
      const waiting = (await world.sqs.queue(queue.url))?.visible ?? 0;
      const sample = waiting > 0 ? await world.sqs.sample(queue.url) : [];
      const letters = sample
        .map((message) => ({ queue, sentAt: message.sentAt, letter: readDeadLetter(message) }))
        .filter(({ letter }) => letter.eventId === eventId);
      return { letters, unlooked: Math.max(0, waiting - sample.length) };
    }),
  );
  return {
    letters: looks.flatMap(({ letters }) => letters),
    unlooked: looks.reduce((sum, { unlooked }) => sum + unlooked, 0),
  };
}
