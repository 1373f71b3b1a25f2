import type { EventOutcome, Via } from '../../contract/ledger.js';
import type { OrderState } from '../../contract/order-transition.js';
import type { StripeEvent } from '../../contract/stripe-event.js';
import type { Transaction } from '../database/database.js';
import { onAnyLedger } from '../database/older-ledger.js';
import { sqlTime } from '../database/time.js';
import { HandlerError } from '../errors.js';

/** One delivery of an event to a handler. */
export interface Arrival {
  /** The same for every attempt at one delivery (Lambda's request id), so that an attempt cannot count twice. */
  id: string;
  via: Via;
  receivedAt: Date;
}

/** Locks the order's row until the end of the transaction: events about one order take turns. */
export async function lockOrder(transaction: Transaction, orderId: string): Promise<OrderState | null> {
  const rows = await transaction.rows(
    'SELECT id, status, total_amount, stripe_checkout_session_id FROM ticket_orders WHERE id = ? FOR UPDATE',
    [orderId],
  );
  // Ids that are no key, in a collation that takes 'ab' for 'AB': a payment would pay them all.
  if (rows.length > 1) {
    throw new HandlerError(
      'DATABASE_SCHEMA',
      `${rows.length} rows of ticket_orders answer to the id ${orderId}: make ticket_orders.id a primary or unique key.`,
    );
  }
  const [row] = rows;
  // MySQL finds '42' for '42x', and 'AB' for 'ab': only the very id is this order.
  if (!row || row.id !== orderId) return null;
  return {
    id: orderId,
    status: row.status ?? '',
    totalAmount: row.total_amount ?? '',
    sessionId: row.stripe_checkout_session_id ?? null,
  };
}

export interface Entry {
  event: StripeEvent;
  sessionId: string | null;
  orderId: string | null;
  outcome: EventOutcome;
}

/** Writes the event's row; false when it was there already. Its row is locked in either case. */
export async function recordEvent(
  transaction: Transaction,
  { event, sessionId, orderId, outcome }: Entry,
): Promise<boolean> {
  const { affectedRows } = await transaction.change(
    `INSERT INTO stripe_events (event_id, event_type, created_at, livemode, session_id, order_id, outcome, processed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE event_id = event_id`,
    [
      event.id,
      event.type,
      sqlTime(new Date(event.created * 1000)),
      event.livemode ? 1 : 0,
      sessionId,
      orderId,
      outcome,
      sqlTime(new Date()),
    ],
  );
  return affectedRows === 1;
}

/** Notes that the event arrived at a function of this stage: other stages may keep their ledger in the same tables. */
export async function recordArrival(
  transaction: Transaction,
  stage: string,
  eventId: string,
  arrival: Arrival,
): Promise<void> {
  const values = [eventId, arrival.id, arrival.via, sqlTime(arrival.receivedAt)];
  await onAnyLedger(
    () =>
      transaction.change(
        `INSERT INTO stripe_event_arrivals (event_id, arrival_id, via, received_at, stage)
         VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE arrival_id = arrival_id`,
        [...values, stage],
      ),
    () =>
      transaction.change(
        `INSERT INTO stripe_event_arrivals (event_id, arrival_id, via, received_at)
         VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE arrival_id = arrival_id`,
        values,
      ),
  );
}

export async function recordedOutcome(
  transaction: Transaction,
  eventId: string,
): Promise<EventOutcome | null> {
  const [row] = await transaction.rows('SELECT outcome FROM stripe_events WHERE event_id = ?', [eventId]);
  return (row?.outcome as EventOutcome | undefined) ?? null;
}

/** For an event that was recorded without effect and has one now. */
export async function reviseEvent(
  transaction: Transaction,
  { event, sessionId, orderId, outcome }: Entry,
): Promise<void> {
  await transaction.change(
    'UPDATE stripe_events SET session_id = ?, order_id = ?, outcome = ?, processed_at = ? WHERE event_id = ?',
    [sessionId, orderId, outcome, sqlTime(new Date()), event.id],
  );
}

/** Whether a payment of this session was applied to this order before, by whatever event. */
export async function wasPaidBefore(
  transaction: Transaction,
  sessionId: string,
  orderId: string,
): Promise<boolean> {
  const rows = await transaction.rows(
    "SELECT event_id FROM stripe_events WHERE session_id = ? AND order_id = ? AND outcome = 'paid' LIMIT 1",
    [sessionId, orderId],
  );
  return rows.length > 0;
}

/** Without its condition: the proof that payments can be written runs it for no order. */
export const MARK_PAID = `UPDATE ticket_orders AS o
       LEFT JOIN tickets AS t ON t.id = o.ticket_id
       LEFT JOIN discount_codes AS d ON d.id = o.discount_code_id
     SET o.status = 'paid', o.stripe_checkout_session_id = ?, o.stripe_payment_intent_id = ?,
         t.sold_quantity = COALESCE(t.sold_quantity, 0) + COALESCE(o.quantity, 0), d.used_count = COALESCE(d.used_count, 0) + 1`;

/**
 * pending (or released) → paid, and with it the counters: tickets count as sold, and a discount code as used, when
 * the money is there and not before. One statement, so that it costs one round trip.
 */
export async function markPaid(
  transaction: Transaction,
  orderId: string,
  sessionId: string,
  paymentIntentId: string | null,
): Promise<boolean> {
  const { affectedRows } = await transaction.change(
    `${MARK_PAID} WHERE o.id = ? AND o.status IN ('pending', 'expired', 'failed')`,
    [sessionId, paymentIntentId, orderId],
  );
  return affectedRows > 0;
}

/** pending → expired or failed. Counters have not moved for a pending order, so none moves back. */
export async function release(
  transaction: Transaction,
  orderId: string,
  to: 'expired' | 'failed',
): Promise<boolean> {
  const { affectedRows } = await transaction.change(
    "UPDATE ticket_orders SET status = ? WHERE id = ? AND status = 'pending'",
    [to, orderId],
  );
  return affectedRows > 0;
}
