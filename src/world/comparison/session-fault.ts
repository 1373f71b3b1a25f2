import { METADATA } from '../../../handlers/contract/environment.js';
import { isPaid } from '../../../handlers/contract/order-transition.js';
import type { World } from '../world.js';

/** Why a session cannot have paid an order, asked of Stripe; null where it did. */
export async function sessionFault(
  world: World,
  sessionId: string | null,
  orderId: string | null,
): Promise<string | null> {
  const session = sessionId === null ? undefined : await world.stripe.checkoutSessions.retrieve(sessionId);
  if (!session) return `Stripe knows no session ${sessionId ?? ''}`.trim();
  const { paymentStatus: payment_status, amountTotal: amount_total } = session;
  if (!isPaid({ payment_status, amount_total }))
    return `${session.id} is ${session.status}, ${session.paymentStatus}`;
  const paysFor = session.metadata[METADATA.orderId];
  return paysFor === undefined || paysFor === orderId ? null : `${session.id} pays for the order ${paysFor}`;
}
