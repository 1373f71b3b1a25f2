import { METADATA } from '../../../handlers/contract/environment.js';
import { PAYABLE_STATES } from '../../../handlers/contract/order-transition.js';
import { type ClassifiedEvent, sessionOf } from './events.js';
import { isPayment } from './payment.js';
import type { Books, ComparedOrder, EventClass } from './types.js';

/** Payments that are not this stage's, or of which nobody can say anything yet. */
const NOT_COUNTED = new Set<EventClass>(['livemode-mismatch', 'other-stage', 'not-ours', 'in-flight']);

/** Adds a payment and what its order says of it; a session is paid by one event. */
export function enter(books: Books, { event, classified, order }: ClassifiedEvent): void {
  const session = sessionOf(event);
  if (!isPayment(event) || NOT_COUNTED.has(classified.class) || session.metadata?.[METADATA.run]) return;
  books.sessions += 1;
  books.stripeMinor += session.amount_total ?? 0;
  if (order?.status.toLowerCase() !== 'paid' || order.sessionId !== session.id) return;
  books.orders += 1;
  books.ordersMinor += order.amountMinor;
}

/** The order that should be paid by this event and is not; null where all is well. */
export function pendingThoughPaid({ event, classified, order }: ClassifiedEvent): ComparedOrder | null {
  if (!order || !isPayment(event) || NOT_COUNTED.has(classified.class)) return null;
  if (!PAYABLE_STATES.includes(order.status.toLowerCase())) return null;
  const session = sessionOf(event);
  return {
    orderId: order.orderId,
    status: order.status,
    sessionId: session.id ?? null,
    amountMinor: session.amount_total ?? 0,
    why: `${session.id} is paid`,
  };
}
