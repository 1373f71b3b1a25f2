import { METADATA } from '../../../handlers/contract/environment.js';
import type { LedgerEvent } from '../../../handlers/contract/ledger.js';
import { OUTCOMES_WITHOUT_EFFECT } from '../../../handlers/contract/order-transition.js';
import type { CheckoutSession, StripeEvent } from '../../../handlers/contract/stripe-event.js';
import type { World } from '../world.js';
import { isPayment } from './payment.js';
import { sessionFault } from './session-fault.js';

/**
 * How what was applied differs from what Stripe says of the event: somebody else made it under this id. Null where
 * they agree.
 * @param paidNow the event's session was not paid then, and is now: what was awaited has been delivered
 */
export function contradiction(row: LedgerEvent, event: StripeEvent, paidNow = false): string | null {
  if (OUTCOMES_WITHOUT_EFFECT.has(row.outcome)) return null;
  const session = event.data.object as Partial<CheckoutSession>;
  if (row.eventType !== event.type) return `the ledger has it as ${row.eventType}`;
  if (row.sessionId !== (session.id ?? null))
    return `the ledger has it for the session ${row.sessionId}, Stripe for ${session.id}`;
  const orderId = session.metadata?.[METADATA.orderId] || null;
  if (row.orderId !== orderId)
    return `the ledger has it for the order ${row.orderId}, Stripe for ${orderId ?? 'none'}`;
  return isPaidByUnpaid(row, event) && !paidNow
    ? `an order was paid by it, and at Stripe it is ${session.payment_status}`
    : null;
}

/** Whether the session of an event that was no payment, and paid an order, is paid by now; asked of Stripe where it matters. */
export async function isPaidNow(
  world: World,
  row: LedgerEvent | undefined,
  event: StripeEvent,
): Promise<boolean> {
  if (!row || !isPaidByUnpaid(row, event)) return false;
  return (await sessionFault(world, row.sessionId, row.orderId)) === null;
}

function isPaidByUnpaid({ outcome }: LedgerEvent, event: StripeEvent): boolean {
  return outcome === 'paid' && !isPayment(event);
}
