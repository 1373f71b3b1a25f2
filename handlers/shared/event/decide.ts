import { toMinor } from '../../contract/amounts.js';
import type { EventOutcome } from '../../contract/ledger.js';
import type { CheckoutSession } from '../../contract/stripe-event.js';
import type { Configuration } from '../configuration.js';
import { HandlerError } from '../errors.js';

/** The members of an order that decide, as the locked row has them. */
export interface OrderState {
  id: string;
  status: string;
  totalAmount: string;
  sessionId: string | null;
}

/** What an event asks of its order: the state to bring it to, or none. */
export interface Decision {
  outcome: Extract<EventOutcome, 'paid' | 'released' | 'awaiting-payment' | 'no-change'>;
  to: 'paid' | 'expired' | 'failed' | null;
}

/** States that a payment ends. Released orders are among them: events may come in any order, and paid means paid. */
export const PAYABLE = ['pending', 'expired', 'failed'];

const NO_CHANGE: Decision = { outcome: 'no-change', to: null };

/**
 * The order's next state. Payments of a wrong amount, currency or session are errors: money has moved, and a person
 * must look. The end of a session that is not the order's own changes nothing: the customer has started another one.
 * A state that is not ours (`cancelled`, `refunded`…) gives `null`: whether the payment was seen before must be asked.
 * @throws HandlerError AMOUNT_MISMATCH, CURRENCY_MISMATCH, SESSION_MISMATCH or MALFORMED_EVENT
 */
export function decide(
  type: string,
  session: CheckoutSession,
  order: OrderState,
  configuration: Configuration,
): Decision | null {
  const status = order.status.toLowerCase();
  const foreign = order.sessionId !== null && order.sessionId !== '' && order.sessionId !== session.id;
  if (type === 'checkout.session.expired' || type === 'checkout.session.async_payment_failed') {
    if (status !== 'pending' || foreign) return NO_CHANGE;
    return { outcome: 'released', to: type === 'checkout.session.expired' ? 'expired' : 'failed' };
  }
  checkAmount(session, order, configuration);
  if (foreign) {
    throw new HandlerError(
      'SESSION_MISMATCH',
      `${session.id} was completed for order ${order.id}, which is ${status} and belongs to ${order.sessionId}: look for a double payment.`,
    );
  }
  if (session.payment_status === 'unpaid') {
    if (type === 'checkout.session.async_payment_succeeded') {
      throw new HandlerError('MALFORMED_EVENT', `${session.id} succeeded, says the event, and is unpaid.`);
    }
    return PAYABLE.includes(status) ? { outcome: 'awaiting-payment', to: null } : NO_CHANGE;
  }
  if (PAYABLE.includes(status)) return { outcome: 'paid', to: 'paid' };
  return status === 'paid' ? NO_CHANGE : null;
}

function checkAmount(session: CheckoutSession, order: OrderState, { currency }: Configuration): void {
  const free = session.payment_status === 'no_payment_required';
  const paid = session.amount_total ?? (free ? 0 : null);
  if (paid === null) throw new HandlerError('MALFORMED_EVENT', `${session.id} has no amount_total.`);
  // A session without a price (setup mode) has no currency.
  const paidIn = session.currency?.toLowerCase() ?? (free && paid === 0 ? currency : 'none');
  if (paidIn !== currency) {
    throw new HandlerError(
      'CURRENCY_MISMATCH',
      `${session.id} is in ${paidIn}; orders of this stage are in ${currency}.`,
    );
  }
  if (toMinor(order.totalAmount, currency) !== paid) {
    throw new HandlerError(
      'AMOUNT_MISMATCH',
      `${session.id} is of ${paid} (minor units of ${currency}); order ${order.id} costs ${order.totalAmount}.`,
    );
  }
}
