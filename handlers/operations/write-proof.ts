import { randomBytes, randomUUID } from 'node:crypto';
import type { Configuration } from '../shared/configuration.js';
import type { Database } from '../shared/database/database.js';
import { recordArrival, recordEvent } from '../shared/event/statements.js';

class RolledBack extends Error {}

/**
 * Writes what a payment writes, for no order, and rolls it back: shows privileges that are missing and servers that take
 * no writes, and leaves no trace. Null: it may write; else what the database says.
 */
export async function writeRefusal(database: Database, { stage }: Configuration): Promise<string | null> {
  try {
    await database.transaction(async (transaction) => {
      const now = new Date();
      const event = {
        id: `evt_cachaoprobe${randomBytes(8).toString('hex')}`,
        object: 'event' as const,
        type: 'cachao.probe',
        api_version: null,
        created: Math.floor(now.getTime() / 1000),
        livemode: false,
        data: { object: {} },
      };
      await recordEvent(transaction, { event, sessionId: null, orderId: null, outcome: 'ignored-type' });
      await recordArrival(transaction, stage, event.id, { id: randomUUID(), via: 'replay', receivedAt: now });
      // The columns that a payment changes; no id is NULL.
      await transaction.change(
        `UPDATE ticket_orders AS o
           LEFT JOIN tickets AS t ON t.id = o.ticket_id
           LEFT JOIN discount_codes AS d ON d.id = o.discount_code_id
         SET o.status = 'paid', o.stripe_checkout_session_id = '', o.stripe_payment_intent_id = '',
             t.sold_quantity = COALESCE(t.sold_quantity, 0) + o.quantity, d.used_count = COALESCE(d.used_count, 0) + 1
         WHERE o.id = NULL`,
      );
      throw new RolledBack();
    });
  } catch (error) {
    return error instanceof RolledBack ? null : (error as Error).message;
  }
  return null;
}
