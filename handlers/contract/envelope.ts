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

/** Where an event belongs: the members of an envelope that EventBridge would have set. */
export interface EnvelopePlace {
  source: string;
  account: string;
  region: string;
}

/** The envelope in which EventBridge would have delivered the event, marked with who delivers it instead. */
export function envelopeOf(
  event: StripeEvent,
  { source, account, region }: EnvelopePlace,
  via: NonNullable<StripeEnvelope['cachao']>['via'],
): StripeEnvelope {
  return {
    version: '0',
    // EventBridge's own id says nothing about the event, whose id is `detail.id`.
    id: `${via}-${event.id}`,
    'detail-type': event.type,
    source,
    account,
    time: `${new Date(event.created * 1000).toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:events:${region}::event-source/${source}`],
    detail: event,
    cachao: { via },
  };
}
