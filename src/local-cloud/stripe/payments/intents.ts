import { type Cause, emit } from '../delivery/emit.js';
import { newId, randomText } from '../ids.js';
import { nowSeconds, type Side } from '../side.js';
import type { PaymentIntent, PaymentIntentRecord } from '../tables.js';

export interface NewIntent {
  amount: number;
  currency: string;
  metadata: Record<string, string>;
  methodTypes: string[];
  automatic: boolean;
  /** Members that are copied as they are: description, shipping, receipt_email, … */
  details: Record<string, unknown>;
}

export function createIntent(
  side: Side,
  cause: Cause,
  given: NewIntent,
  session: string | null,
): PaymentIntentRecord {
  const id = newId.paymentIntent();
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: given.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: given.automatic ? { allow_redirects: 'always', enabled: true } : null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic',
    created: nowSeconds(side),
    currency: given.currency,
    customer: null,
    description: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: cause.livemode,
    metadata: given.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_types: given.methodTypes,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_group: null,
    ...given.details,
  };
  const record = side.tables.paymentIntents.set(id, { intent, session });
  emit(side, cause, 'payment_intent.created', intent);
  return record;
}

/** Stores the changed intent and sends the event about it. */
export function moveIntent(
  side: Side,
  cause: Cause,
  record: PaymentIntentRecord,
  change: Partial<PaymentIntent>,
  event: string,
): PaymentIntentRecord {
  const intent = { ...record.intent, ...change } as PaymentIntent;
  const after = side.tables.paymentIntents.set(intent.id, { ...record, intent });
  emit(side, cause, event, intent);
  return after;
}
