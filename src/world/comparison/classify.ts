import { METADATA } from '../../../handlers/contract/environment.js';
import type { LedgerEvent, Via } from '../../../handlers/contract/ledger.js';
import type { Order } from '../../../handlers/contract/operations.js';
import {
  countedAmount,
  decideTransition,
  isRefusal,
  type MoneyRules,
  OUTCOMES_WITHOUT_EFFECT,
  PAYABLE_STATES,
} from '../../../handlers/contract/order-transition.js';
import type { CheckoutSession, StripeEvent } from '../../../handlers/contract/stripe-event.js';
import { contradiction } from './contradiction.js';
import { isPayment } from './payment.js';
import type { ConfiguredPath, EventClass } from './types.js';

/** Longer than Lambda's retries take: what is younger may still be on its way. */
export const IN_FLIGHT_MS = 10 * 60_000;

export interface StageFacts extends MoneyRules {
  stage: string;
  livemode: boolean;
  /** Other products share the Stripe account. */
  sharedAccount: boolean;
  /** Milliseconds since the epoch; infinite while nothing is recorded. */
  recordingSince: number;
  now: number;
  /** The configured paths, and since when each can deliver (milliseconds since the epoch). */
  paths: { via: ConfiguredPath; since: number }[];
}

export interface Classified {
  class: EventClass;
  why: string;
  /** Configured paths that should have delivered it, and whether they did. Empty where that cannot be judged. */
  paths: { via: ConfiguredPath; delivered: boolean }[];
}

type Session = Partial<CheckoutSession>;

/**
 * Decides where an event stands, from what the ledger and its order say. Pure.
 * @param paidNow as `isPaidNow` says
 */
export function classify(
  event: StripeEvent,
  recorded: LedgerEvent | undefined,
  order: Order | undefined,
  facts: StageFacts,
  paidNow = false,
): Classified {
  const session = event.data.object as Session;
  const foreign = foreignClass(event, session, facts);
  if (foreign === 'livemode-mismatch') return { class: foreign, why: modeOf(event), paths: [] };
  const paths = pathsOf(event, recorded, facts);
  const forged = recorded && contradiction(recorded, event, paidNow);
  if (forged) return { class: 'not-at-stripe', why: forged, paths: [] };
  if (foreign) return { class: foreign, why: '', paths };
  if (recorded && !OUTCOMES_WITHOUT_EFFECT.has(recorded.outcome))
    return settled(event, recorded, order, paths, facts);
  return unsettled(event, order, facts, paths);
}

function foreignClass(event: StripeEvent, session: Session, facts: StageFacts): EventClass | null {
  if (event.livemode !== facts.livemode) return 'livemode-mismatch';
  const stage = session.metadata?.[METADATA.stage];
  if (stage && stage !== facts.stage) return 'other-stage';
  return facts.sharedAccount && !session.metadata?.[METADATA.orderId] ? 'not-ours' : null;
}

function settled(
  event: StripeEvent,
  recorded: LedgerEvent,
  order: Order | undefined,
  paths: Classified['paths'],
  facts: StageFacts,
): Classified {
  const fault = orderFault(event, recorded, order, facts);
  if (fault) return { class: 'order-wrong', why: fault, paths };
  const dead = paths.filter((path) => !path.delivered).map((path) => path.via);
  if (dead.length === 0) return { class: 'processed', why: '', paths };
  const arrived = [...new Set(recorded.arrivals.map((arrival) => arrival.via))].join(' and ');
  const byPath = recorded.arrivals.some(({ via }) => via === 'eventbridge' || via === 'webhook');
  return {
    class: byPath ? 'one-path' : 'repaired',
    why: `arrived by ${arrived}, not by ${dead.join(' or ')}`,
    paths,
  };
}

function unsettled(
  event: StripeEvent,
  order: Order | undefined,
  facts: StageFacts,
  paths: Classified['paths'],
): Classified {
  const session = event.data.object as Session;
  const created = event.created * 1000;
  if (facts.now - created < IN_FLIGHT_MS) return { class: 'in-flight', why: '', paths: [] };
  if (created < Math.floor(facts.recordingSince / 1000) * 1000)
    return { class: 'before-recording', why: order ? `the order is ${order.status}` : '', paths: [] };
  if (!order) return withoutOrder(session, paths);
  const refusal = expectedRefusal(event, order, facts);
  // A path that delivered it to a handler that refuses leaves no trace in the ledger.
  if (refusal) return { class: 'missing', why: `the handler will refuse it: ${refusal}`, paths: [] };
  return { class: 'missing', why: `the order is ${order.status}`, paths };
}

function withoutOrder(session: Session, paths: Classified['paths']): Classified {
  const orderId = session.metadata?.[METADATA.orderId];
  if (session.metadata?.[METADATA.run]) return { class: 'test-order', why: '', paths };
  return {
    class: 'unknown-order',
    why: orderId ? `there is no order ${orderId}` : `the session has no metadata.${METADATA.orderId}`,
    paths: [],
  };
}

function pathsOf(
  event: StripeEvent,
  recorded: LedgerEvent | undefined,
  facts: StageFacts,
): Classified['paths'] {
  const created = event.created * 1000;
  if (created < facts.recordingSince) return [];
  const young = facts.now - created < IN_FLIGHT_MS;
  return (
    facts.paths
      .filter((path) => created >= path.since)
      .map(({ via }) => ({
        via,
        delivered: recorded?.arrivals.some((arrival) => standsFor(arrival.via) === via) ?? false,
      }))
      // A young one may still come; that it came is a fact at once.
      .filter(({ delivered }) => delivered || !young)
  );
}

/** What replay delivers had come by EventBridge as far as its dead-letter queue. */
function standsFor(via: Via): Via {
  return via === 'replay' ? 'eventbridge' : via;
}

/** How the order contradicts an event that was processed; null where it agrees. */
function orderFault(
  event: StripeEvent,
  recorded: LedgerEvent,
  order: Order | undefined,
  facts: StageFacts,
): string | null {
  const session = event.data.object as Session;
  if (!order) return missingOrderFault(session, recorded);
  const status = order.status.toLowerCase();
  if (!isPayment(event))
    return recorded.outcome === 'released' && status === 'pending' && order.sessionId === session.id
      ? 'the session is over, and the order is pending again'
      : null;
  if (PAYABLE_STATES.includes(status)) return `the payment was processed, and the order is ${order.status}`;
  if (status !== 'paid') return null;
  if (order.sessionId !== session.id)
    return `the order is paid by ${order.sessionId ?? 'no session'}, not by this one`;
  const counted = countedAmount(event.data.object as unknown as CheckoutSession, facts.orderAmount);
  return order.amountMinor === counted
    ? null
    : `${counted} was paid, and the order costs ${order.amountMinor} (minor units)`;
}

/** Test orders are removed again; a payment whose order is gone is worth a look. */
function missingOrderFault(session: Session, recorded: LedgerEvent): string | null {
  if (session.metadata?.[METADATA.run] || recorded.outcome !== 'paid') return null;
  return `the payment was processed, and the order ${recorded.orderId ?? ''} does not exist any more`;
}

/** Why the handler will not apply it, as far as the order tells; null where nothing speaks against it. */
function expectedRefusal(event: StripeEvent, order: Order, facts: StageFacts): string | null {
  if (!isPayment(event)) return null;
  const decision = decideTransition(
    event.type,
    event.data.object as unknown as CheckoutSession,
    { ...order, id: order.orderId },
    facts,
  );
  return isRefusal(decision) ? decision.message : null;
}

function modeOf(event: StripeEvent): string {
  return `a ${event.livemode ? 'live' : 'test'} event on a stage of the other mode`;
}
