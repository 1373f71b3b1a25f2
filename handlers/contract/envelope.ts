import type { Via } from './ledger.js';
import { isStripeEvent, type StripeEvent } from './stripe-event.js';

/** Every Stripe partner event source begins so; the destination's id follows. */
export const SOURCE_PREFIX = 'aws.partner/stripe.com/';

/** An EventBridge event from Stripe (FACTS-AWS §1, two real captures). */
export interface StripeEnvelope {
  version: string;
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601, whole seconds. */
  time: string;
  region: string;
  resources: string[];
  detail: StripeEvent;
  /**
   * Added by who delivers an event in EventBridge's place, through IAM: replay and reconciliation. EventBridge itself
   * lets no sender add members at this level.
   */
  cachao?: { via: Extract<Via, 'replay' | 'reconcile'> };
}

export function isStripeEnvelope(value: unknown): value is StripeEnvelope {
  if (typeof value !== 'object' || value === null) return false;
  const envelope = value as Record<string, unknown>;
  return (
    typeof envelope.id === 'string' &&
    typeof envelope.source === 'string' &&
    envelope.source.startsWith(SOURCE_PREFIX) &&
    typeof envelope['detail-type'] === 'string' &&
    typeof envelope.account === 'string' &&
    isStripeEvent(envelope.detail)
  );
}
