import { METADATA } from '../../contract/environment.js';
import type { EventOutcome } from '../../contract/ledger.js';
import type { CheckoutSession, StripeEvent } from '../../contract/stripe-event.js';
import type { Configuration } from '../configuration.js';
import type { Database, Transaction } from '../database/database.js';
import { HandlerError } from '../errors.js';
import { type Decision, decide, type OrderState } from './decide.js';
import { type Route, route } from './route.js';
import { paymentIntentId } from './session.js';
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

/** Outcomes of events that changed nothing because they did not concern us, as things stood then. */
const WITHOUT_EFFECT = new Set<string>(['ignored-type', 'other-stage', 'not-ours'] satisfies EventOutcome[]);

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
  const { decision, order } = await decideOnOrder(transaction, configuration, event, target);
  const entry = { event, sessionId: session.id, orderId, outcome: decision.outcome };
  const isNew = await recordEvent(transaction, entry);
  await recordArrival(transaction, configuration.stage, event.id, arrival);
  if (!isNew) {
    if (await isSettled(transaction, event)) return decision.to === null ? decision.outcome : 'no-change';
    // Recorded while the stage was configured otherwise: now it is ours.
    await reviseEvent(transaction, entry);
  }
  if (order) await change(transaction, decision, session, order);
  return decision.outcome;
}

async function decideOnOrder(
  transaction: Transaction,
  configuration: Configuration,
  event: StripeEvent,
  { orderId, session }: Ours,
): Promise<{ decision: Decision; order: OrderState | null }> {
  try {
    const order = await lockOrder(transaction, orderId);
    if (!order) {
      if (isOfTestCheckout(event, session))
        return { decision: { outcome: 'no-change', to: null }, order: null };
      throw new HandlerError('UNKNOWN_ORDER', `${session.id} names order ${orderId}, which does not exist.`);
    }
    const decision =
      decide(event.type, session, order, configuration) ?? (await settled(transaction, session, order));
    return { decision, order };
  } catch (error) {
    // A further delivery of an event that was applied is no error, whatever became of the order since.
    if (!(error instanceof HandlerError) || !(await isSettled(transaction, event))) throw error;
    return { decision: { outcome: 'no-change', to: null }, order: null };
  }
}

/** A test checkout removes its order; what still comes of its session concerns nobody. In live mode it only expires. */
function isOfTestCheckout({ type }: StripeEvent, { metadata, livemode }: CheckoutSession): boolean {
  return Boolean(metadata?.[METADATA.run]) && (!livemode || type === 'checkout.session.expired');
}

/** The event was recorded, and not as one that did not concern us. */
async function isSettled(transaction: Transaction, event: StripeEvent): Promise<boolean> {
  const outcome = await recordedOutcome(transaction, event.id);
  return outcome !== null && !WITHOUT_EFFECT.has(outcome);
}

/** The order is in a state of the shop's own. If this very payment led there, all is well. */
async function settled(
  transaction: Transaction,
  session: CheckoutSession,
  order: OrderState,
): Promise<Decision> {
  if (await wasPaidBefore(transaction, session.id)) return { outcome: 'no-change', to: null };
  throw new HandlerError(
    'ORDER_NOT_PAYABLE',
    `${session.id} is paid, but order ${order.id} is "${order.status}" and this payment was never applied to it: refund it, or set the order to pending and replay.`,
  );
}

async function change(
  transaction: Transaction,
  { to }: Decision,
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
