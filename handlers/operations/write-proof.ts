import { randomBytes, randomUUID } from 'node:crypto';
import { PROBE_EVENT_ID, PROBE_EVENT_TYPE } from '../contract/stripe-event.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Transaction } from '../shared/database/database.js';
import { MARK_PAID, markPaid, recordArrival, recordEvent } from '../shared/event/statements.js';
import { RequestError } from './request-error.js';
import { makeOrder } from './test-orders.js';

class RolledBack extends Error {}

/**
 * Writes what a payment writes, for no order, and rolls it back: shows privileges that are missing and servers that take
 * no writes, and leaves no trace. Null: it may write; else what the database says.
 * @param ordered for an order that is made for it and rolled back with it: only then do triggers act
 */
export async function writeRefusal(
  database: Database,
  configuration: Configuration,
  ordered: boolean,
): Promise<string | null> {
  try {
    await database.transaction(async (transaction) => {
      await writeEvent(transaction, configuration);
      // The columns that a payment changes; no id is NULL.
      if (!ordered || !(await payMadeOrder(transaction, configuration)))
        await transaction.change(`${MARK_PAID} WHERE o.id = NULL`, ['', '']);
      throw new RolledBack();
    });
  } catch (error) {
    return error instanceof RolledBack ? null : (error as Error).message;
  }
  return null;
}

async function writeEvent(transaction: Transaction, { stage }: Configuration): Promise<void> {
  const now = new Date();
  const event = {
    id: `${PROBE_EVENT_ID}${randomBytes(8).toString('hex')}`,
    object: 'event' as const,
    type: PROBE_EVENT_TYPE,
    api_version: null,
    created: Math.floor(now.getTime() / 1000),
    livemode: false,
    data: { object: {} },
  };
  await recordEvent(transaction, { event, sessionId: null, orderId: null, outcome: 'ignored-type' });
  await recordArrival(transaction, stage, event.id, { id: randomUUID(), via: 'replay', receivedAt: now });
}

/** False where no order can be made up. @throws Error saying what came out wrong */
async function payMadeOrder(transaction: Transaction, { currency }: Configuration): Promise<boolean> {
  const request = { runId: randomUUID(), amountMinor: 1000 };
  const made = await makeOrder(transaction, request, currency, []).catch((error: unknown) => {
    if (error instanceof RequestError) return null;
    throw error;
  });
  if (!made) return false;
  await markPaid(transaction, made.orderId, 'cs_cachaoprobe', null);
  const [order] = await transaction.rows('SELECT status FROM ticket_orders WHERE id = ?', [made.orderId]);
  if (order?.status?.toLowerCase() !== 'paid')
    throw new Error(`a trigger leaves an order that was paid as "${order?.status}"`);
  const [ticket] = await transaction.rows('SELECT sold_quantity FROM tickets WHERE id = ?', [made.ticketId]);
  if (Number(ticket?.sold_quantity) !== 1)
    throw new Error(
      `a trigger counts as well: one ticket that was paid made sold_quantity ${ticket?.sold_quantity}`,
    );
  return true;
}
