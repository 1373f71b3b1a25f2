import type { Order } from '../../../handlers/contract/operations.js';
import { CachaoError } from '../../core/errors.js';
import type { IdSet } from '../../core/id-set.js';
import { operate } from '../operations.js';
import type { World } from '../world.js';
import { MOST_IDS } from './events.js';
import { sessionFault } from './session-fault.js';
import type { ComparedOrder, ComparisonWindow } from './types.js';

/**
 * Orders that were marked paid in the window and whose session Stripe does not know as paid. What the ledger got
 * before the window was compared then; what it got since counts only if Stripe listed it. Where the orders do not say
 * when they changed, the reason stands in `unseen`.
 */
export async function paidWithoutStripe(
  world: World,
  window: ComparisonWindow,
  listed: IdSet,
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
      found.push(...(await unexplained(world, orders, window, listed)));
      afterId = orders.at(-1)?.orderId;
      if (orders.length < MOST_IDS) return { found, unseen: null };
    }
  } catch (error) {
    if (!(error instanceof CachaoError) || error.code !== 'NO_UPDATED_AT') throw error;
    return {
      found,
      unseen:
        'Orders that are paid without Stripe: ticket_orders has no column updated_at, so they cannot be chosen by time. Once the shop gives it one (DATETIME, ON UPDATE CURRENT_TIMESTAMP), they are looked for.',
    };
  }
}

async function unexplained(
  world: World,
  orders: readonly Order[],
  { since }: ComparisonWindow,
  listed: IdSet,
): Promise<ComparedOrder[]> {
  const real = orders.filter((order) => order.sessionId && !order.test);
  if (real.length === 0) return [];
  const { events } = await operate(world, 'get-events', {
    sessionIds: real.map((order) => order.sessionId as string),
    // Another stage's order in the same database is paid by its own event.
    anyStage: true,
  });
  const explained = new Set(
    events
      .filter(({ outcome }) => outcome === 'paid')
      .filter(({ eventId, processedAt }) => listed.has(eventId) || Date.parse(processedAt) < since.getTime())
      .map(({ orderId, sessionId }) => JSON.stringify([orderId, sessionId])),
  );
  const found: ComparedOrder[] = [];
  // As a rule there are few, so Stripe is asked one by one.
  for (const order of real) {
    if (explained.has(JSON.stringify([order.orderId, order.sessionId]))) continue;
    const why = await sessionFault(world, order.sessionId, order.orderId);
    if (why) found.push(compared(order, why));
  }
  return found;
}

function compared({ orderId, status, sessionId, amountMinor }: Order, why: string): ComparedOrder {
  return { orderId, status, sessionId, amountMinor, why };
}
