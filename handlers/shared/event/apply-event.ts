import { METADATA } from '../../contract/environment.js';
import type { EventOutcome } from '../../contract/ledger.js';
import {
  decideTransition,
  isPaid,
  isRefusal,
  type OrderState,
  OUTCOMES_WITHOUT_EFFECT,
  paymentIntentId,
  type Refusal,
  type Transition,
} from '../../contract/order-transition.js';
import type { CheckoutSession, StripeEvent } from '../../contract/stripe-event.js';
import type { Configuration } from '../configuration.js';
import type { Database, Transaction } from '../database/database.js';
import { HandlerError } from '../errors.js';
import { type Route, route } from './route.js';
import {
  type Arrival,
  lockOrder,
  markPaid,
  recordArrival,
  recordEvent,
  recordedOutcome,
  release,
  reviseEvent,
  wasPaidBefore,
} from './statements.js';

export interface Applied {
  outcome: EventOutcome;
  orderId: string | null;
}

type Ours = Extract<Route, { orderId: string }>;

const NO_CHANGE: Transition = { outcome: 'no-change', to: null };

/**
 * Applies a Stripe event to its order, once, however often and by whatever path it is delivered.
 * The event, its arrival and the change of the order stand or fall together: an error leaves nothing behind,
 * so that a later delivery finds everything as before. A payment takes five statements.
 * @throws HandlerError with the code of what is wrong
 */
export async function applyEvent(
  database: Database,
  configuration: Configuration,
  event: StripeEvent,
  arrival: Arrival,
): Promise<Applied> {
  const target = route(event, configuration);
  return database.transaction(async (transaction) => {
    const outcome =
      target.orderId === null
        ? await record(transaction, event, target)
        : await applyToOrder(transaction, configuration, event, target, arrival);
    if (target.orderId === null) await recordArrival(transaction, configuration.stage, event.id, arrival);
    return { outcome, orderId: target.orderId };
  });
}

async function record(
  transaction: Transaction,
  event: StripeEvent,
  target: Exclude<Route, Ours>,
): Promise<EventOutcome> {
  await recordEvent(transaction, {
    event,
    sessionId: target.session?.id ?? null,
    orderId: null,
    outcome: target.outcome,
  });
  return target.outcome;
}

async function applyToOrder(
  transaction: Transaction,
  configuration: Configuration,
  event: StripeEvent,
  target: Ours,
  arrival: Arrival,
): Promise<EventOutcome> {
  const { orderId, session } = target;
  const { next, order } = await decideOnOrder(transaction, configuration, event, target);
  const entry = { event, sessionId: session.id, orderId, outcome: next.outcome };
  const isNew = await recordEvent(transaction, entry);
  await recordArrival(transaction, configuration.stage, event.id, arrival);
  if (!isNew) {
    if (await isSettled(transaction, event, session)) return next.to === null ? next.outcome : 'no-change';
    await reviseEvent(transaction, entry);
  }
  if (order) await change(transaction, next, session, order);
  return next.outcome;
}

async function decideOnOrder(
  transaction: Transaction,
  configuration: Configuration,
  event: StripeEvent,
  { orderId, session }: Ours,
): Promise<{ next: Transition; order: OrderState | null }> {
  try {
    const order = await lockOrder(transaction, orderId);
    if (!order) {
      if (isOfTestCheckout(event, session)) return { next: NO_CHANGE, order: null };
      throw new HandlerError('UNKNOWN_ORDER', `${session.id} names order ${orderId}, which does not exist.`);
    }
    const decision = decideTransition(event.type, session, order, configuration);
    const next = isRefusal(decision) ? await appliedBefore(transaction, decision, session, order) : decision;
    return { next, order };
  } catch (error) {
    // A further delivery of an event that was applied is no error, whatever became of the order since.
    if (!(error instanceof HandlerError) || !(await isSettled(transaction, event, session))) throw error;
    return { next: NO_CHANGE, order: null };
  }
}

/** A test checkout removes its order; what still comes of its session concerns nobody. In live mode it only expires. */
function isOfTestCheckout({ type }: StripeEvent, { metadata, livemode }: CheckoutSession): boolean {
  return Boolean(metadata?.[METADATA.run]) && (!livemode || type === 'checkout.session.expired');
}

/**
 * The event was recorded, and nothing of it is open. Open is one that did not concern the stage as it was configured
 * then, and one whose payment was awaited and has come: reconciliation delivers it again with its session of now.
 */
async function isSettled(
  transaction: Transaction,
  event: StripeEvent,
  session: CheckoutSession,
): Promise<boolean> {
  const outcome = await recordedOutcome(transaction, event.id);
  if (outcome === null || OUTCOMES_WITHOUT_EFFECT.has(outcome)) return false;
  return !(outcome === 'awaiting-payment' && isPaid(session));
}

/** An order in a state of the shop's own: if this very payment led there, all is well. @throws HandlerError otherwise */
async function appliedBefore(
  transaction: Transaction,
  { code, message }: Refusal,
  session: CheckoutSession,
  order: OrderState,
): Promise<Transition> {
  if (code === 'ORDER_NOT_PAYABLE' && (await wasPaidBefore(transaction, session.id, order.id)))
    return NO_CHANGE;
  throw new HandlerError(code, message);
}

async function change(
  transaction: Transaction,
  { to }: Transition,
  session: CheckoutSession,
  order: OrderState,
): Promise<void> {
  if (to === null) return;
  const changed =
    to === 'paid'
      ? await markPaid(transaction, order.id, session.id, paymentIntentId(session))
      : await release(transaction, order.id, to);
  // The row is locked and was in the right state: nothing else can have changed it.
  if (!changed) throw new HandlerError('DATABASE_SCHEMA', `Order ${order.id} did not take the state ${to}.`);
}
