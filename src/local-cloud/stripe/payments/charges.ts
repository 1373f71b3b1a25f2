import { type Cause, emit } from '../delivery/emit.js';
import { newId } from '../ids.js';
import { nowSeconds, type Side } from '../side.js';
import type { Charge, PaymentIntent, PaymentMethod } from '../tables.js';
import type { Outcome } from './outcomes.js';

/** Makes the charge of one attempt to pay an intent, in the status that the bank's first answer gives it. */
export function createCharge(
  side: Side,
  cause: Cause,
  intent: PaymentIntent,
  method: PaymentMethod,
  outcome: Outcome,
): Charge {
  const { decline, settles } = outcome;
  const status = decline ? 'failed' : settles ? 'pending' : 'succeeded';
  const captured = !decline && intent.capture_method !== 'manual';
  const charge: Charge = {
    id: newId.charge(),
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'LOCAL SHOP',
    captured,
    created: nowSeconds(side),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: intent.livemode,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: bankOutcome(decline),
    paid: status === 'succeeded',
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: method.type, [method.type]: method[method.type] },
    receipt_email: intent.receipt_email ?? null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: intent.shipping ?? null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status,
    transfer_data: null,
    transfer_group: null,
  };
  side.tables.charges.set(charge.id, charge);
  emit(side, cause, `charge.${status}`, charge);
  return charge;
}

/** Takes what was held, or less of it. */
export function captureCharge(side: Side, cause: Cause, id: string, amount: number): void {
  const held = side.tables.charges.get(id);
  if (!held) return;
  // Stripe gives back at once what is not captured.
  const change = { captured: true, amount_captured: amount, amount_refunded: held.amount - amount };
  emit(side, cause, 'charge.captured', side.tables.charges.set(id, { ...held, ...change } as Charge));
}

/** What became of a pending charge. */
export function settleCharge(side: Side, cause: Cause, id: string, succeeded: boolean): void {
  const pending = side.tables.charges.get(id);
  if (!pending) return;
  const change = succeeded
    ? { status: 'succeeded', paid: true }
    : {
        status: 'failed',
        captured: false,
        failure_code: 'insufficient_funds',
        failure_message: SETTLEMENT_FAILED,
      };
  const charge = { ...pending, ...change } as Charge;
  side.tables.charges.set(id, charge);
  emit(side, cause, `charge.${charge.status}`, charge);
}

export const SETTLEMENT_FAILED = "The customer's account has insufficient funds to cover this payment.";

function bankOutcome(decline: Outcome['decline']): object {
  if (!decline)
    return {
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      seller_message: 'Payment complete.',
      type: 'authorized',
    };
  return {
    network_status: 'declined_by_network',
    reason: decline.decline_code ?? decline.code,
    risk_level: 'normal',
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  };
}
