import type { Order } from '../../../handlers/contract/operations.js';
import { CachaoError } from '../../core/errors.js';
import { operate } from '../operations.js';
import type { World } from '../world.js';
import { MOST_IDS } from './events.js';
import type { ComparedOrder, ComparisonWindow } from './types.js';

const PAID = new Set(['paid', 'no_payment_required']);

/**
 * Orders that were marked paid in the window and of whose session neither the ledger nor Stripe knows a payment.
 * Where the orders do not say when they changed, the reason stands in `unseen`.
 */
export async function paidWithoutStripe(
  world: World,
  window: ComparisonWindow,
): Promise<{ found: ComparedOrder[]; unseen: string | null }> {
  const found: ComparedOrder[] = [];
  let afterId: string | undefined;
  try {
    for (;;) {
      const { orders } = await operate(world, 'list-orders', {
        status: 'paid',
        updatedSince: window.since.toISOString(),
        limit: MOST_IDS,
        ...(afterId === undefined ? {} : { afterId }),
      });
      found.push(...(await unexplained(world, orders)));
      afterId = orders.at(-1)?.orderId;
      if (orders.length < MOST_IDS) return { found, unseen: null };
    }
  } catch (error) {
    if (!(error instanceof CachaoError) || error.code !== 'NO_UPDATED_AT') throw error;
    return {
      found,
      unseen:
        'Orders that are paid without Stripe: ticket_orders has no column updated_at, so they cannot be chosen by time.',
    };
  }
}

async function unexplained(world: World, orders: readonly Order[]): Promise<ComparedOrder[]> {
  const real = orders.filter((order) => order.sessionId && !order.test);
  if (real.length === 0) return [];
  const { events } = await operate(world, 'get-events', {
    sessionIds: real.map((order) => order.sessionId as string),
    // Another stage's order in the same database is paid by its own event.
    anyStage: true,
  });
  const paid = new Set(events.filter((event) => event.outcome === 'paid').map((event) => event.sessionId));
  const found: ComparedOrder[] = [];
  // As a rule there are none, so Stripe is asked one by one.
  for (const order of real.filter(({ sessionId }) => !paid.has(sessionId))) {
    const why = await unpaidAtStripe(world, order.sessionId as string);
    if (why) found.push(compared(order, why));
  }
  return found;
}

async function unpaidAtStripe(world: World, sessionId: string): Promise<string | null> {
  const session = await world.stripe.checkoutSessions.retrieve(sessionId);
  if (!session) return `Stripe knows no session ${sessionId}`;
  return PAID.has(session.paymentStatus)
    ? null
    : `${sessionId} is ${session.status}, ${session.paymentStatus}`;
}

function compared({ orderId, status, sessionId, amountMinor }: Order, why: string): ComparedOrder {
  return { orderId, status, sessionId, amountMinor, why };
}
