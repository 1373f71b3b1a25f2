import type { EventOutcome, LedgerEvent, Via } from '../../../handlers/contract/ledger.js';
import type { Order } from '../../../handlers/contract/operations.js';
import type { StripeEvent } from '../../../handlers/contract/stripe-event.js';
import type { StageFacts } from '../../../src/world/comparison/classify.js';

export const NOW = Date.parse('2026-11-25T12:00:00Z');
export const MINUTE = 60_000;

/** A test stage with both paths, recording since a day ago. */
export const FACTS: StageFacts = {
  stage: 'test',
  livemode: false,
  currency: 'eur',
  sharedAccount: false,
  orderAmount: 'total',
  recordingSince: NOW - 24 * 60 * MINUTE,
  now: NOW,
  paths: [
    { via: 'eventbridge', since: NOW - 24 * 60 * MINUTE },
    { via: 'webhook', since: NOW - 24 * 60 * MINUTE },
  ],
};

/** A paid session of 25.00 for order 42, an hour ago, unless changed. */
export function paidEvent(
  changes: { id?: string; type?: string; minutesAgo?: number; livemode?: boolean; session?: object } = {},
): StripeEvent {
  const { id = 'evt_1', type = 'checkout.session.completed', minutesAgo = 60, livemode = false } = changes;
  return {
    id,
    object: 'event',
    type,
    api_version: '2026-10-28.endive',
    created: (NOW - minutesAgo * MINUTE) / 1000,
    livemode,
    data: {
      object: {
        id: 'cs_test_1',
        object: 'checkout.session',
        payment_status: 'paid',
        status: 'complete',
        amount_total: 2500,
        currency: 'eur',
        livemode,
        payment_intent: 'pi_1',
        metadata: { order_id: '42', cachao_stage: 'test' },
        ...changes.session,
      },
    },
  };
}

export function recordedAs(outcome: EventOutcome, arrivals: Via[] = ['eventbridge', 'webhook']): LedgerEvent {
  const at = new Date(NOW - 60 * MINUTE).toISOString();
  return {
    eventId: 'evt_1',
    eventType: 'checkout.session.completed',
    createdAt: at,
    livemode: false,
    sessionId: 'cs_test_1',
    orderId: '42',
    outcome,
    processedAt: at,
    arrivals: arrivals.map((via) => ({ via, receivedAt: at })),
  };
}

export function order(changes: Partial<Order> = {}): Order {
  return {
    orderId: '42',
    status: 'paid',
    totalAmount: '25.00',
    amountMinor: 2500,
    sessionId: 'cs_test_1',
    paymentIntentId: 'pi_1',
    test: false,
    ...changes,
  };
}
