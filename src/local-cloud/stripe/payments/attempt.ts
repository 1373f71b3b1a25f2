import type { Cause } from '../delivery/emit.js';
import { StripeError } from '../http/errors.js';
import type { Side } from '../side.js';
import type { PaymentIntentRecord, PaymentMethodRecord } from '../tables.js';
import { createCharge } from './charges.js';
import { moveIntent } from './intents.js';
import { type Outcome, outcomeOf } from './outcomes.js';

export const SETTLE = 'settle';

const LIVE_DECLINE: Outcome = {
  decline: {
    code: 'card_declined',
    decline_code: 'live_mode_test_card',
    message: 'Your card was declined. Your request was in live mode, but used a known test card.',
  },
};

/**
 * Pays an intent: afterwards it has succeeded, is processing, or waits for its capture. Throws the 402 `card_error` of a declined payment,
 * whose traces (charge.failed, payment_intent.payment_failed) stay.
 */
export function payIntent(
  side: Side,
  cause: Cause,
  record: PaymentIntentRecord,
  payment: PaymentMethodRecord,
): PaymentIntentRecord {
  const { method } = payment;
  // The local cloud knows test cards only, and live mode takes none of them.
  const outcome = cause.livemode ? LIVE_DECLINE : outcomeOf(payment.outcome);
  const charge = createCharge(side, cause, record.intent, method, outcome);
  const shared = { payment_method: method.id, latest_charge: charge.id };
  if (outcome.decline) throw declined(side, cause, record, payment, charge.id, outcome.decline);
  if (outcome.settles) {
    const change = { ...shared, status: 'processing', last_payment_error: null };
    const processing = moveIntent(side, cause, record, change, 'payment_intent.processing');
    side.agenda.plan(SETTLE, record.intent.id, outcome.settles.afterMs);
    return processing;
  }
  const { amount } = record.intent;
  if (record.intent.capture_method === 'manual') {
    const change = {
      ...shared,
      status: 'requires_capture',
      amount_capturable: amount,
      last_payment_error: null,
    };
    return moveIntent(side, cause, record, change, 'payment_intent.amount_capturable_updated');
  }
  const change = { ...shared, status: 'succeeded', amount_received: amount, last_payment_error: null };
  return moveIntent(side, cause, record, change, 'payment_intent.succeeded');
}

function declined(
  side: Side,
  cause: Cause,
  record: PaymentIntentRecord,
  payment: PaymentMethodRecord,
  charge: string,
  decline: NonNullable<Outcome['decline']>,
): StripeError {
  const error = { charge, ...decline, payment_method: payment.method, type: 'card_error' };
  const change = {
    latest_charge: charge,
    payment_method: null,
    status: 'requires_payment_method',
    last_payment_error: error,
  };
  const failed = moveIntent(side, cause, record, change, 'payment_intent.payment_failed');
  const { message, ...fields } = error;
  return new StripeError(402, { ...fields, payment_intent: failed.intent }, message);
}
