import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import type { StripeEnvelope } from '../../../handlers/contract/envelope.js';
import type { StripeEvent } from '../../../handlers/contract/stripe-event.js';

const SOURCE = 'aws.partner/stripe.com/ed_test_61abc';

/** The event as EventBridge delivers it. */
export function envelope(event: StripeEvent, changes: Partial<StripeEnvelope> = {}): StripeEnvelope {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': event.type,
    source: SOURCE,
    account: '123456789012',
    time: '2026-11-23T10:00:00Z',
    region: 'eu-west-1',
    resources: [`arn:aws:events:eu-west-1::event-source/${SOURCE}`],
    detail: event,
    ...changes,
  };
}

/** The event as API Gateway passes Stripe's POST on, signed by Stripe's own library. */
export function webhookRequest(event: unknown, secret: string, changes: Record<string, unknown> = {}) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
  return {
    httpMethod: 'POST',
    headers: { 'Stripe-Signature': signature },
    body,
    isBase64Encoded: false,
    ...changes,
  };
}
