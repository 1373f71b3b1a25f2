import { randomBytes, randomUUID } from 'node:crypto';
import type { Via } from '../../../handlers/contract/ledger.js';
import type { CheckoutSession, StripeEvent } from '../../../handlers/contract/stripe-event.js';
import type { Configuration } from '../../../handlers/shared/configuration.js';
import type { Arrival } from '../../../handlers/shared/event/statements.js';

export const CONFIGURATION: Configuration = {
  stage: 'test',
  livemode: false,
  currency: 'eur',
  databaseParameter: '/cachao/test/database',
  webhookSecretParameter: '/cachao/test/stripe/webhook-secret',
  sharedAccount: false,
  connectedAccounts: false,
  orderAmount: 'total',
};

export function sessionId(): string {
  return `cs_test_${randomBytes(8).toString('hex')}`;
}

export function checkoutSession(orderId: string, changes: Partial<CheckoutSession> = {}): CheckoutSession {
  return {
    id: sessionId(),
    object: 'checkout.session',
    payment_status: 'paid',
    status: 'complete',
    amount_total: 2500,
    currency: 'eur',
    livemode: false,
    payment_intent: `pi_${randomBytes(8).toString('hex')}`,
    metadata: { order_id: orderId, cachao_stage: 'test' },
    ...changes,
  };
}

export function stripeEvent(type: string, object: object, changes: Partial<StripeEvent> = {}): StripeEvent {
  return {
    id: `evt_${randomBytes(10).toString('hex')}`,
    object: 'event',
    type,
    api_version: '2026-10-28.endive',
    created: 1_790_000_000,
    livemode: false,
    data: { object: { ...object } },
    ...changes,
  };
}

export function arrival(via: Via = 'eventbridge'): Arrival {
  return { id: randomUUID(), via, receivedAt: new Date() };
}
