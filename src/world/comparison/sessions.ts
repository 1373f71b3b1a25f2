import { METADATA } from '../../../handlers/contract/environment.js';
import type { Order } from '../../../handlers/contract/operations.js';
import type { CheckoutSessionView } from '../../stripe/checkout-sessions.js';
import type { World } from '../world.js';
import type { StageFacts } from './classify.js';
import { inSeconds, ordersById } from './events.js';
import type { Books, ComparedOrder, ComparisonWindow } from './types.js';

/** A session lives a day, and may be paid in its last minute. */
const SESSION_LIFE_MS = 25 * 3_600_000;
const PAID = new Set(['paid', 'no_payment_required']);

export interface SessionComparison {
  books: Books;
  /** Sessions that are paid, and whose orders a payment would still end. */
  pending: ComparedOrder[];
}

/** Every session of this stage that Stripe took money for, beside its order. Page by page. */
export async function compareSessions(
  world: World,
  window: ComparisonWindow,
  facts: StageFacts,
): Promise<SessionComparison> {
  const found: SessionComparison = {
    books: { sessions: 0, stripeMinor: 0, orders: 0, ordersMinor: 0 },
    pending: [],
  };
  const asked = inSeconds({ ...window, since: new Date(window.since.getTime() - SESSION_LIFE_MS) });
  let next: string | null = null;
  do {
    const page = await world.stripe.pages.completedSessions(asked, next);
    next = page.next;
    const paid = page.items.filter((session) => concerns(session, facts));
    const orders = await ordersById(
      world,
      paid.map((session) => session.metadata[METADATA.orderId] as string),
    );
    for (const session of paid) add(found, session, orders.get(session.metadata[METADATA.orderId] as string));
  } while (next !== null);
  return found;
}

/** Paid, for an order of this stage, and no test checkout. */
function concerns({ paymentStatus, metadata }: CheckoutSessionView, facts: StageFacts): boolean {
  const stage = metadata[METADATA.stage];
  return (
    PAID.has(paymentStatus) &&
    Boolean(metadata[METADATA.orderId]) &&
    !metadata[METADATA.run] &&
    (!stage || stage === facts.stage)
  );
}

function add(found: SessionComparison, session: CheckoutSessionView, order: Order | undefined): void {
  const { books } = found;
  books.sessions += 1;
  books.stripeMinor += session.amountTotal ?? 0;
  if (!order) return;
  const status = order.status.toLowerCase();
  if (status === 'paid' && order.sessionId === session.id) {
    books.orders += 1;
    books.ordersMinor += order.amountMinor;
  }
  if (status !== 'pending' && status !== 'expired' && status !== 'failed') return;
  found.pending.push({
    orderId: order.orderId,
    status: order.status,
    sessionId: session.id,
    amountMinor: session.amountTotal ?? 0,
    why: `${session.id} is ${session.paymentStatus}`,
  });
}
