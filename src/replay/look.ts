import { judgeClaim } from '../../handlers/contract/claim.js';
import { eventIn } from '../../handlers/contract/dead-letter.js';
import { CachaoError } from '../core/errors.js';
import type { Bench } from '../world/bench.js';
import { EVERYTHING, isMeant } from './filter.js';
import { type QueueSample, type SurveyOptions, survey } from './queue-sample.js';
import { handlerFor, type ReplayTargets } from './targets.js';
import { isTrustedMessage, type Judgement, judge, type RefusalCode } from './trust.js';
import { type DeadMessage, entryOf, type MessageEntry } from './types.js';

export function listMessages(
  bench: Bench,
  targets: ReplayTargets,
  options: SurveyOptions,
): Promise<QueueSample<MessageEntry>> {
  return survey(bench, targets, options, async (dead) =>
    isMeant(dead, options.filter, null) ? entryOf(dead) : undefined,
  );
}

/** What a run would do with a message. */
export interface PlannedMessage extends MessageEntry {
  would: 'deliver' | 'refuse' | 'fail' | 'quarantine' | 'leave';
  /** The function's name, where it would be delivered. */
  handler: string | null;
  /** Stripe was asked about it, and agreed. */
  verified: boolean;
  code: string | null;
  why: string | null;
}

/** Looks at every message as a run would, Stripe's word included, and delivers none. */
export function planMessages(
  bench: Bench,
  targets: ReplayTargets,
  options: SurveyOptions,
  engine: Engine,
): Promise<QueueSample<PlannedMessage>> {
  return survey(bench, targets, options, async (dead) => {
    if (engine === 'lambda') return planDrained(targets, dead);
    const planned = await plan(bench, targets, dead);
    const refusal = planned.would === 'refuse' ? (planned.code as RefusalCode) : null;
    return isMeant(dead, options.filter, refusal) ? planned : undefined;
  });
}

/** What delivers: this machine, or the drain inside AWS. */
export type Engine = 'local' | 'lambda';

/** The drain asks nothing of Stripe: what only Stripe can confirm it leaves, for a replay from this machine. */
function planDrained({ own }: ReplayTargets, dead: DeadMessage): PlannedMessage {
  const planned = { ...entryOf(dead), handler: null, verified: false };
  const claim = judgeClaim(dead.letter.content, own, isTrustedMessage(dead));
  switch (claim.kind) {
    case 'own':
      return { ...planned, would: 'deliver', handler: 'the drain', code: null, why: null };
    case 'ask':
      return {
        ...planned,
        would: 'leave',
        code: 'UNVERIFIED',
        why: `${claim.why}, which a replay from this machine asks`,
      };
    case 'refuse':
      return { ...planned, would: 'quarantine', code: claim.code, why: claim.why };
  }
}

async function plan({ world }: Bench, targets: ReplayTargets, dead: DeadMessage): Promise<PlannedMessage> {
  const entry = entryOf(dead);
  const none = { handler: null, verified: false };
  let judgement: Judgement;
  try {
    judgement = await judge(dead, targets.own, (id) => world.stripe.events.retrieve(id));
  } catch (error) {
    if (!(error instanceof CachaoError)) throw error;
    return { ...entry, ...none, would: 'fail', code: error.code, why: error.message };
  }
  if (judgement.kind === 'refuse')
    return { ...entry, ...none, would: 'refuse', code: judgement.code, why: judgement.why };
  const { verified } = judgement;
  const handler = handlerFor(targets, dead)?.name ?? null;
  return handler === null
    ? {
        ...entry,
        handler,
        verified,
        would: 'fail',
        code: 'HANDLER_UNKNOWN',
        why: 'the message does not say which handler should have taken it',
      }
    : { ...entry, handler, verified, would: 'deliver', code: null, why: null };
}

/** Everything that may be told of one message: ids, amounts and reasons, no body. */
export interface MessageDetails extends PlannedMessage {
  queueUrl: string;
  functionArn: string | null;
  ruleArn: string | null;
  requestId: string | null;
  /** ISO 8601: when Stripe made the event. */
  createdAt: string | null;
  livemode: boolean | null;
  /** Of what the event is about: `cs_…`. */
  objectId: string | null;
  paymentStatus: string | null;
  amountTotal: number | null;
  currency: string | null;
  paymentIntent: string | null;
  bytes: number;
}

/** One message by its own id or its event's. @throws MESSAGE_NOT_FOUND */
export async function showMessage(bench: Bench, targets: ReplayTargets, id: string): Promise<MessageDetails> {
  const filter = { ...EVERYTHING, events: [id] };
  const options = { filter, looks: Number.POSITIVE_INFINITY, first: true };
  const { found, elsewhere } = await survey(bench, targets, options, async (dead) =>
    details(dead, await plan(bench, targets, dead)),
  );
  if (found[0]) return found[0];
  throw new CachaoError({
    code: 'MESSAGE_NOT_FOUND',
    message: `No message with the id ${id}, or of the event ${id}, is in the dead-letter queues.`,
    ...(elsewhere > 0
      ? { why: `${elsewhere} messages are held by another consumer and could not be read.` }
      : {}),
    next: ['List what waits: cachao replay-dlq --list --json'],
  });
}

function details({ queue, message, letter }: DeadMessage, planned: PlannedMessage): MessageDetails {
  const event = eventIn(letter.content);
  const object = event?.data.object ?? {};
  const { functionArn, ruleArn, requestId } = letter.failure;
  const intent = object.payment_intent as { id?: unknown } | null | undefined;
  return {
    ...planned,
    queueUrl: queue.url,
    functionArn,
    ruleArn,
    requestId,
    createdAt: event ? timeOf(event.created) : null,
    livemode: event?.livemode ?? null,
    objectId: idOf(object.id),
    paymentStatus: idOf(object.payment_status),
    amountTotal: typeof object.amount_total === 'number' ? object.amount_total : null,
    currency: idOf(object.currency),
    paymentIntent: idOf(typeof intent === 'object' ? intent?.id : intent),
    bytes: Buffer.byteLength(message.body),
  };
}

/** Only what has the form of an id or a word is shown of a message that anybody may have written. */
function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^\w{1,255}$/.test(value) ? value : null;
}

function timeOf(seconds: number): string | null {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
