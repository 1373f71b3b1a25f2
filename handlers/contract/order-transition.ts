import { toMajor, toMinor } from './amounts.js';
import type { EventOutcome, HandlerErrorCode } from './ledger.js';
import type { CheckoutSession } from './stripe-event.js';

/** Which of a session's amounts an order's `total_amount` is: what was charged, the same without tax, or the list price. */
export const ORDER_AMOUNTS = ['total', 'total-without-tax', 'subtotal'] as const;
export type OrderAmount = (typeof ORDER_AMOUNTS)[number];

/** What a stage says of its money. */
export interface MoneyRules {
  /** ISO 4217, lower case. */
  currency: string;
  orderAmount: OrderAmount;
}

/** The members of an order that decide, as its row has them. */
export interface OrderState {
  id: string;
  status: string;
  /** A decimal in major units. */
  totalAmount: string;
  sessionId: string | null;
}

/** What an event does to its order: the state to bring it to, or none. */
export interface Transition {
  outcome: Extract<EventOutcome, 'paid' | 'released' | 'awaiting-payment' | 'no-change'>;
  to: 'paid' | 'expired' | 'failed' | null;
}

/** Why an event must not touch its order: money has moved, and a person must look. */
export interface Refusal {
  code: Extract<
    HandlerErrorCode,
    'MALFORMED_EVENT' | 'CURRENCY_MISMATCH' | 'AMOUNT_MISMATCH' | 'SESSION_MISMATCH' | 'ORDER_NOT_PAYABLE'
  >;
  message: string;
}

/** States that a payment ends. Released orders are among them: events come in any order, and the money is there. */
export const PAYABLE_STATES: readonly string[] = ['pending', 'expired', 'failed'];

/** Outcomes of events that did not concern the stage as it was configured then. They are looked at again. */
export const OUTCOMES_WITHOUT_EFFECT: ReadonlySet<EventOutcome> = new Set<EventOutcome>([
  'ignored-type',
  'other-stage',
  'not-ours',
]);

const NO_CHANGE: Transition = { outcome: 'no-change', to: null };

/**
 * What an event about a session does to its order. The first full payment of a payable order counts, whichever of the
 * order's sessions brought it. A refusal with ORDER_NOT_PAYABLE stands only if this payment was not applied before:
 * the caller knows the ledger.
 */
export function decideTransition(
  type: string,
  session: CheckoutSession,
  order: OrderState,
  rules: MoneyRules,
): Transition | Refusal {
  const status = order.status.toLowerCase();
  const isOther = Boolean(order.sessionId) && order.sessionId !== session.id;
  if (type === 'checkout.session.expired' || type === 'checkout.session.async_payment_failed') {
    if (status !== 'pending' || isOther) return NO_CHANGE;
    return { outcome: 'released', to: type === 'checkout.session.expired' ? 'expired' : 'failed' };
  }
  const isPayable = PAYABLE_STATES.includes(status);
  if (!isPaid(session)) {
    if (type === 'checkout.session.async_payment_succeeded')
      return refuse('MALFORMED_EVENT', `${session.id} succeeded, says the event, and is not paid.`);
    if (!isPayable) return NO_CHANGE;
    return amountRefusal(session, order, rules) ?? { outcome: 'awaiting-payment', to: null };
  }
  if (status === 'paid' && isOther) return secondPayment(session, order);
  const wrong = amountRefusal(session, order, rules);
  if (wrong) return wrong;
  if (isPayable) return { outcome: 'paid', to: 'paid' };
  return status === 'paid' ? NO_CHANGE : notPayable(session, order);
}

/**
 * Whether the session's money is there. `no_payment_required` says so only where nothing was to be paid; with an amount
 * it means that the payment was put off (Stripe API, Checkout Session `payment_status`).
 */
export function isPaid(session: { payment_status: string; amount_total: number | null }): boolean {
  if (session.payment_status === 'paid') return true;
  return session.payment_status === 'no_payment_required' && (session.amount_total ?? 0) === 0;
}

/**
 * The amount of the session that its order must cost, in minor units; null when the session does not have it.
 * `total-without-tax` and `subtotal` are for shops that let Stripe compute taxes, discounts or shipping.
 */
export function countedAmount(session: CheckoutSession, orderAmount: OrderAmount): number | null {
  const total = session.amount_total ?? (session.payment_status === 'no_payment_required' ? 0 : null);
  switch (orderAmount) {
    case 'total':
      return total;
    case 'total-without-tax':
      return total === null ? null : total - (session.total_details?.amount_tax ?? 0);
    case 'subtotal':
      return session.amount_subtotal ?? null;
  }
}

function amountRefusal(session: CheckoutSession, order: OrderState, rules: MoneyRules): Refusal | null {
  const { currency, orderAmount } = rules;
  const counted = countedAmount(session, orderAmount);
  if (counted === null)
    return refuse(
      'MALFORMED_EVENT',
      `${session.id} has no ${orderAmount === 'subtotal' ? 'amount_subtotal' : 'amount_total'}.`,
    );
  // A session without a price (setup mode) has no currency.
  const paidIn = session.currency?.toLowerCase() ?? (counted === 0 ? currency : 'none');
  if (paidIn !== currency)
    return refuse(
      'CURRENCY_MISMATCH',
      `${session.id} is in ${paidIn}; orders of this stage are in ${currency}.`,
    );
  if (toMinor(order.totalAmount, currency) === counted) return null;
  return refuse(
    'AMOUNT_MISMATCH',
    `${session.id} is of ${counted} (minor units of ${currency}); order ${order.id} costs ${order.totalAmount}.${explainDifference(session, order, rules)}`,
  );
}

/** Names what Stripe added or took off where that is the difference, and what to do about it. */
function explainDifference(session: CheckoutSession, order: OrderState, rules: MoneyRules): string {
  const {
    amount_tax: tax = 0,
    amount_discount: discount = 0,
    amount_shipping: shipping = 0,
  } = session.total_details ?? {};
  const parts = [
    ...(tax ? [`${toMajor(tax, rules.currency)} tax`] : []),
    ...(discount ? [`${toMajor(discount, rules.currency)} discount`] : []),
    ...(shipping ? [`${toMajor(shipping, rules.currency)} shipping`] : []),
  ];
  if (parts.length === 0) return '';
  const fitting = ORDER_AMOUNTS.find(
    (amount) =>
      amount !== rules.orderAmount &&
      countedAmount(session, amount) === toMinor(order.totalAmount, rules.currency),
  );
  const advice = fitting
    ? `the order is the session's ${fitting}: set orderAmount to "${fitting}" for this stage and replay, or correct the order`
    : 'correct the order and replay, or refund the payment';
  return ` Stripe computed ${parts.join(', ')} on it; ${advice}.`;
}

function secondPayment(session: CheckoutSession, order: OrderState): Refusal {
  return refuse(
    'SESSION_MISMATCH',
    `${session.id} paid order ${order.id} a second time; ${order.sessionId} had paid it before. Refund ${paymentOf(session)}.`,
  );
}

function notPayable(session: CheckoutSession, order: OrderState): Refusal {
  return refuse(
    'ORDER_NOT_PAYABLE',
    `${session.id} is paid, but order ${order.id} is "${order.status}" and this payment was never applied to it: refund ${paymentOf(session)}, or set the order to pending and replay.`,
  );
}

const paymentOf = (session: CheckoutSession): string => paymentIntentId(session) ?? session.id;

export function paymentIntentId(session: CheckoutSession): string | null {
  const reference = session.payment_intent;
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}

export const isRefusal = (decision: Transition | Refusal): decision is Refusal => 'code' in decision;

const refuse = (code: Refusal['code'], message: string): Refusal => ({ code, message });
