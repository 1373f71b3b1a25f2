/** The Stripe event types that the handlers act on. Destination, rule, endpoint and checks all derive from this list. */
export const HANDLED_EVENT_TYPES = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
] as const;

/** Verified, acknowledged and never recorded: what `doctor` sends to the webhook to see that it answers. */
export const PROBE_EVENT_TYPE = 'cachao.probe';
/** How the ids of its events begin. */
export const PROBE_EVENT_ID = 'evt_cachaoprobe';

/** The Stripe API versions whose checkout sessions the handlers know; the first is asked for in new destinations. */
export const KNOWN_API_VERSIONS = [
  '2026-10-28.endive',
  '2026-08-26.dahlia',
  '2026-03-25.dahlia',
  '2025-09-30.clover',
] as const;

/** A Stripe event as it stands in a webhook's body or an EventBridge envelope's `detail`: the members we read. */
export interface StripeEvent {
  id: string;
  object: 'event';
  type: string;
  api_version: string | null;
  /** Seconds since the epoch. */
  created: number;
  livemode: boolean;
  /** The connected account that the event comes from; absent for the account's own events. */
  account?: string | null;
  data: { object: Record<string, unknown> };
}

/** The members of a Checkout Session that decide an order's fate. Amounts are in the currency's minor unit. */
export interface CheckoutSession {
  id: string;
  object: 'checkout.session';
  payment_status: 'paid' | 'unpaid' | 'no_payment_required';
  status: 'open' | 'complete' | 'expired' | null;
  amount_total: number | null;
  /** Before discounts, taxes and shipping. */
  amount_subtotal?: number | null;
  total_details?: { amount_discount?: number; amount_tax?: number; amount_shipping?: number | null } | null;
  currency: string | null;
  livemode: boolean;
  payment_intent: string | { id: string } | null;
  metadata: Record<string, string> | null;
}

/** Seconds: the year 10000, which no database's time holds any more. */
const END_OF_TIME = 253_402_300_800;

export function isStripeEvent(value: unknown): value is StripeEvent {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Record<string, unknown>;
  const data = event.data as { object?: unknown } | null | undefined;
  return (
    typeof event.id === 'string' &&
    /^evt_\w+$/.test(event.id) &&
    event.object === 'event' &&
    typeof event.type === 'string' &&
    Number.isSafeInteger(event.created) &&
    (event.created as number) >= 0 &&
    (event.created as number) < END_OF_TIME &&
    typeof event.livemode === 'boolean' &&
    (event.account === undefined || event.account === null || typeof event.account === 'string') &&
    typeof data === 'object' &&
    data !== null &&
    typeof data.object === 'object' &&
    data.object !== null
  );
}
