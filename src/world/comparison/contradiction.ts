import { METADATA } from '../../../handlers/contract/environment.js';
import type { LedgerEvent } from '../../../handlers/contract/ledger.js';
import { OUTCOMES_WITHOUT_EFFECT } from '../../../handlers/contract/order-transition.js';
import type { CheckoutSession, StripeEvent } from '../../../handlers/contract/stripe-event.js';
import { isPayment } from './payment.js';

/**
 * How what was applied differs from what Stripe says of the event: somebody else made it under this id. Null where
 * they agree.
 */
export function contradiction(row: LedgerEvent, event: StripeEvent): string | null {
  if (OUTCOMES_WITHOUT_EFFECT.has(row.outcome)) return null;
  const session = event.data.object as Partial<CheckoutSession>;
  if (row.eventType !== event.type) return `the ledger has it as ${row.eventType}`;
  if (row.sessionId !== (session.id ?? null))
    return `the ledger has it for the session ${row.sessionId}, Stripe for ${session.id}`;
  const orderId = session.metadata?.[METADATA.orderId] || null;
  if (row.orderId !== orderId)
    return `the ledger has it for the order ${row.orderId}, Stripe for ${orderId ?? 'none'}`;
  return row.outcome === 'paid' && !isPayment(event)
    ? `an order was paid by it, and at Stripe it is ${session.payment_status}`
    : null;
}
