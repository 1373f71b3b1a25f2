import type { EventLogRecord, LedgerArrival } from '../../handlers/contract/ledger.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import { REFUSED } from '../checkout/judge.js';
import type { Subject } from './subject.js';
import type { TraceContext } from './surroundings.js';
import type { Hop } from './types.js';

export const LABELS = {
  session: 'Checkout session',
  event: 'Stripe event',
  rule: 'Rule on the partner bus',
  eventbridge: 'EventBridge -> function',
  webhook: 'Webhook -> function',
  deadLetter: 'Dead-letter queue',
  ledger: 'Ledger',
  order: 'Order',
} as const;

/** Arrivals that stand for no configured path: somebody delivered the event in its place. */
const INSTEAD: Record<string, string> = { replay: 'Replay -> function', reconcile: 'Reconcile -> function' };

/** Which hops there are at all. */
export interface Layout {
  webhook: boolean;
  /** Only cachao's own handlers keep a ledger. */
  ledger: boolean;
}

/** Every hop of a payment, in the order in which they happened; what never did comes last. */
export function hopsOf(subject: Subject, around: TraceContext | null, layout: Layout): Hop[] {
  const { event, session } = subject;
  const first: Hop[] = [];
  if (session)
    first.push(reached(LABELS.session, `${session.status}, ${session.paymentStatus}`, session.createdAt));
  first.push(eventHop(subject));
  if (!event || !around) return [...first, ...endOf(subject, layout)];
  const later = [
    ...ruleHop(event, subject, around),
    pathHop('eventbridge', subject, around),
    ...(layout.webhook && around.path?.managed !== false ? [pathHop('webhook', subject, around)] : []),
    ...insteadHops(subject),
    ...around.letters.map(
      ({ queue, sentAt, letter }): Hop => ({
        label: LABELS.deadLetter,
        detail: `of the ${queue.purpose === 'delivery' ? 'rule' : 'function'}: ${letter.failure.code}${letter.failure.message ? `, ${letter.failure.message}` : ''}`,
        outcome: 'failed',
        at: sentAt,
        inferred: false,
      }),
    ),
    ...endOf(subject, layout),
  ];
  return [...first, ...later.sort((a, b) => (a.at ?? '9').localeCompare(b.at ?? '9'))];
}

const reached = (label: string, detail: string, at: string | null, inferred = false): Hop => ({
  label,
  detail,
  outcome: 'reached',
  at,
  inferred,
});
const missed = (label: string, detail = '', outcome: Hop['outcome'] = 'not-reached'): Hop => ({
  label,
  detail,
  outcome,
  at: null,
  inferred: false,
});

function eventHop({ event, ledger, session }: Subject): Hop {
  if (event) {
    const waiting = (event as StripeEvent & { pending_webhooks?: number }).pending_webhooks ?? 0;
    return reached(
      LABELS.event,
      `${event.type}${waiting > 0 ? `; ${waiting} webhook${waiting === 1 ? '' : 's'} still to be delivered` : ''}`,
      new Date(event.created * 1000).toISOString(),
    );
  }
  const [recorded] = ledger;
  if (recorded)
    return reached(LABELS.event, `${recorded.eventType}; Stripe keeps it no longer`, recorded.createdAt);
  return missed(
    LABELS.event,
    session?.status === 'open' ? 'none yet: the customer has not paid' : 'none is known',
  );
}

/** That deliveries of those minutes were lost; undefined where none was. Only counts tell whether it was all of them. */
export function lostByRule({ matched, dropped }: TraceContext): string | undefined {
  if (dropped === null || dropped === 0) return undefined;
  const which =
    matched !== null && dropped < matched
      ? `${dropped} of the ${matched} events of those minutes, which may be this one`
      : 'it';
  return `neither the function nor the dead-letter queue took ${which}`;
}

/** Only counts tell of the bus itself: they are of all events of those minutes. */
function ruleHop(event: StripeEvent, subject: Subject, around: TraceContext): Hop[] {
  const { log, letters, matched, rule } = around;
  const record = log.find((one) => one.via === 'eventbridge' && one.envelopeTime);
  const came = arrivalOf(subject, 'eventbridge') ?? letters.find(({ letter }) => letter.origin !== 'bare');
  if (record || came) {
    const at = record?.envelopeTime ?? new Date(event.created * 1000).toISOString();
    const notBefore = Math.max(Date.parse(at), event.created * 1000);
    return [reached(LABELS.rule, rule?.name ?? '', new Date(notBefore).toISOString(), true)];
  }
  const lost = lostByRule(around);
  if (lost) return [missed(LABELS.rule, lost, 'failed')];
  if (matched === null) return [missed(LABELS.rule, 'its metrics do not tell', 'unknown')];
  return [
    matched > 0
      ? missed(
          LABELS.rule,
          `it matched ${matched} in those minutes; whether this one is among them, metrics do not tell`,
          'unknown',
        )
      : missed(LABELS.rule, 'it matched nothing in those minutes'),
  ];
}

function pathHop(
  via: 'eventbridge' | 'webhook',
  subject: Subject,
  { log, refusals, mentions }: TraceContext,
): Hop {
  const label = LABELS[via];
  const arrival = arrivalOf(subject, via);
  const records = log.filter((one) => one.via === via);
  const done = records.find((one) => one.outcome !== 'error');
  if (arrival) return reached(label, outcomeOf(done), arrival.receivedAt);
  // Its own log says so, where the ledger may not be looked at.
  if (done) return reached(label, outcomeOf(done), done.receivedAt);
  const refused = records.at(-1);
  if (refused)
    return {
      label,
      detail: `${refused.code ?? 'error'}${records.length > 1 ? `, ${records.length} attempts` : ''}`,
      outcome: 'failed',
      at: refused.receivedAt,
      inferred: false,
    };
  const unsigned = via === 'webhook' ? refusals.at(-1) : undefined;
  if (unsigned)
    return {
      label,
      detail: `${REFUSED}${refusals.length > 1 ? `, ${refusals.length} attempts` : ''}`,
      outcome: 'failed',
      at: unsigned.receivedAt,
      inferred: false,
    };
  const mention = mentions.find(({ role }) => (role === 'webhook') === (via === 'webhook'));
  if (!mention) return missed(label);
  return mention.isError
    ? {
        label,
        detail: `${mention.functionName} logged an error`,
        outcome: 'failed',
        at: mention.at,
        inferred: false,
      }
    : reached(label, `${mention.functionName} logged it`, mention.at);
}

function outcomeOf(record: EventLogRecord | undefined): string {
  if (!record) return '';
  return record.outcome === 'no-change' ? 'changed nothing: it was done already' : record.outcome;
}

function arrivalOf({ event, ledger }: Subject, via: string): LedgerArrival | undefined {
  const recorded = ledger.find((one) => one.eventId === event?.id) ?? ledger[0];
  return recorded?.arrivals.find((arrival) => arrival.via === via);
}

function insteadHops(subject: Subject): Hop[] {
  return Object.entries(INSTEAD).flatMap(([via, label]) => {
    const arrival = arrivalOf(subject, via);
    return arrival ? [reached(label, '', arrival.receivedAt)] : [];
  });
}

function endOf({ event, ledger, order, unseen }: Subject, layout: Layout): Hop[] {
  const recorded = ledger.find((one) => one.eventId === event?.id) ?? ledger[0];
  const orders: Hop[] = order
    ? [
        order.status.toLowerCase() === 'pending'
          ? missed(LABELS.order, `id ${order.orderId}, status ${order.status}`)
          : reached(
              LABELS.order,
              `id ${order.orderId}, status ${order.status}`,
              recorded?.processedAt ?? null,
              !recorded,
            ),
      ]
    : [];
  if (!layout.ledger) return orders;
  if (recorded)
    return [reached(LABELS.ledger, `recorded: ${recorded.outcome}`, recorded.processedAt), ...orders];
  return [
    unseen.length > 0 ? missed(LABELS.ledger, 'could not be checked', 'unknown') : missed(LABELS.ledger),
    ...orders,
  ];
}
