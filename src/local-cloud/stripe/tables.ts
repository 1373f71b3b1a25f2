import type { Store, Table } from '../kernel/store.js';
import { noSuch } from './http/errors.js';

/** An object as the API shows it. */
export interface StripeObject {
  id: string;
  object: string;
  /** Seconds since the epoch. */
  created: number;
  livemode: boolean;
  [field: string]: unknown;
}

export interface Product extends StripeObject {
  object: 'product';
  name: string;
  description: string | null;
}

export interface Price extends StripeObject {
  object: 'price';
  currency: string;
  product: string;
  unit_amount: number;
}

export interface PaymentMethod extends StripeObject {
  object: 'payment_method';
  type: 'card' | 'sepa_debit';
  billing_details: BillingDetails;
}

export interface BillingDetails {
  address: Record<string, string | null> | null;
  email: string | null;
  name: string | null;
  phone: string | null;
}

/** A payment method and how the local bank answers it. */
export interface PaymentMethodRecord {
  method: PaymentMethod;
  /** Key of the outcome in payments/outcomes.ts. */
  outcome: string;
}

export interface PaymentIntent extends StripeObject {
  object: 'payment_intent';
  amount: number;
  currency: string;
  status: string;
  metadata: Record<string, string>;
}

export interface PaymentIntentRecord {
  intent: PaymentIntent;
  /** The Checkout Session that made it, if one did. */
  session: string | null;
}

export interface Charge extends StripeObject {
  object: 'charge';
  amount: number;
  currency: string;
  status: string;
}

export interface CheckoutSession extends StripeObject {
  object: 'checkout.session';
  amount_total: number;
  currency: string;
  expires_at: number;
  metadata: Record<string, string>;
  payment_intent: string | null;
  payment_method_types: string[];
  payment_status: 'paid' | 'unpaid' | 'no_payment_required';
  status: 'open' | 'complete' | 'expired';
  success_url: string | null;
  cancel_url: string | null;
}

export interface LineItem {
  id: string;
  object: 'item';
  amount_discount: number;
  amount_subtotal: number;
  amount_tax: number;
  amount_total: number;
  currency: string;
  description: string;
  price: Price;
  quantity: number;
}

export interface SessionRecord {
  session: CheckoutSession;
  lineItems: LineItem[];
  /** `payment_intent_data`, kept until the intent is made. */
  intentData: Record<string, unknown>;
}

/** A snapshot event, and who was subscribed to it when it was made. */
export interface EventRecord {
  id: string;
  livemode: boolean;
  type: string;
  /** Seconds since the epoch. */
  created: number;
  createdMs: number;
  object: StripeObject;
  request: { id: string | null; idempotency_key: string | null };
  /** Webhook receivers subscribed at the time; EventBridge is not counted. */
  subscribers: string[];
  /** Those of them that have not yet answered 2xx. */
  undelivered: string[];
  previous?: Record<string, unknown>;
}

/** A v2 (thin) event. */
export interface ThinEvent {
  id: string;
  object: 'v2.core.event';
  type: string;
  created: string;
  livemode: boolean;
  related_object: { id: string; type: string; url: string };
  [field: string]: unknown;
}

export interface WebhookEndpointRecord {
  id: string;
  livemode: boolean;
  created: number;
  createdMs: number;
  url: string;
  enabledEvents: string[];
  apiVersion: string | null;
  description: string | null;
  metadata: Record<string, string>;
  disabled: boolean;
  connect: boolean;
  sealedSecret: string;
}

export interface DestinationRecord {
  id: string;
  livemode: boolean;
  createdMs: number;
  updatedMs: number;
  name: string;
  description: string;
  type: 'amazon_eventbridge' | 'webhook_endpoint';
  payload: 'snapshot' | 'thin';
  enabledEvents: string[];
  eventsFrom: string[];
  metadata: Record<string, string>;
  apiVersion: string | null;
  /** Null while enabled. */
  disabledBecause: 'user' | 'no_aws_event_source_exists' | null;
  eventBridge?: { account: string; region: string; arn: string };
  webhook?: { url: string; sealedSecret: string };
}

/** One event on its way to one receiver. */
export interface DeliveryRecord {
  event: string;
  receiver: string;
  /** Attempts made so far. */
  attempts: number;
  /** Deliveries to make again after the first success (unkindness). */
  copies: number;
  /** Asked for by hand: one attempt, no retries. */
  manual: boolean;
}

/** One and more for every payment. */
const MANY = { onDisk: true };

export function tablesOf(store: Store) {
  return {
    products: store.table<Product>('stripe.products', MANY),
    prices: store.table<Price>('stripe.prices', MANY),
    paymentMethods: store.table<PaymentMethodRecord>('stripe.payment_methods', MANY),
    paymentIntents: store.table<PaymentIntentRecord>('stripe.payment_intents', MANY),
    charges: store.table<Charge>('stripe.charges', MANY),
    sessions: store.table<SessionRecord>('stripe.checkout_sessions', MANY),
    events: store.table<EventRecord>('stripe.events', MANY),
    thinEvents: store.table<ThinEvent>('stripe.v2_events'),
    webhookEndpoints: store.table<WebhookEndpointRecord>('stripe.webhook_endpoints'),
    destinations: store.table<DestinationRecord>('stripe.event_destinations'),
    /** What the v2 list shows: follows `destinations` after a while. */
    destinationIndex: store.table<DestinationRecord>('stripe.event_destination_index'),
    deliveries: store.table<DeliveryRecord>('stripe.deliveries'),
  };
}

export type Tables = ReturnType<typeof tablesOf>;

/** The record, when it exists in this mode; else Stripe's 404, which tells when the other mode has it. */
export function findIn<T>(
  table: Table<T>,
  id: string,
  livemode: boolean,
  names: { what: string; param: string },
  modeOf: (record: T) => boolean,
): T {
  const record = table.get(id);
  if (!record) throw noSuch(names.what, id, names.param);
  if (modeOf(record) !== livemode) throw noSuch(names.what, id, names.param, livemode ? 'test' : 'live');
  return record;
}
