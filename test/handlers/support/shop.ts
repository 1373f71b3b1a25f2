import { migrate } from '../../../handlers/operations/migrate.js';
import type { Database, Row } from '../../../handlers/shared/database/database.js';
import { CONFIGURATION } from './events.js';

export interface Sale {
  orderId: string;
  ticketId: string;
  discountCodeId: string;
}

/** The shop's tables and ours. */
export async function prepare(database: Database): Promise<void> {
  await migrate(database, CONFIGURATION, { createShopTables: true });
}

/** A pending order of two tickets with a discount code, as the shop makes it, each with counters at 5. */
export async function sell(
  database: Database,
  order: { total?: string; sessionId?: string | null; status?: string } = {},
): Promise<Sale> {
  return database.transaction(async (transaction) => {
    const ticket = await transaction.change(
      "INSERT INTO tickets (event_id, name, price, quantity, sold_quantity) VALUES (1, 'Evening', '12.50', 100, 5)",
    );
    const code = await transaction.change('INSERT INTO discount_codes (code, used_count) VALUES (?, 5)', [
      `code-${ticket.insertId}`,
    ]);
    const made = await transaction.change(
      `INSERT INTO ticket_orders (event_id, ticket_id, email, quantity, unit_price, discount_amount, discount_code_id, total_amount, status, stripe_checkout_session_id)
       VALUES (1, ?, 'someone@example.com', 2, '12.50', 0, ?, ?, ?, ?)`,
      [
        ticket.insertId,
        code.insertId,
        order.total ?? '25.00',
        order.status ?? 'pending',
        order.sessionId ?? null,
      ],
    );
    return {
      orderId: String(made.insertId),
      ticketId: String(ticket.insertId),
      discountCodeId: String(code.insertId),
    };
  });
}

export interface SaleState {
  status: string;
  sold: number;
  used: number;
  sessionId: string | null;
  paymentIntentId: string | null;
}

export async function stateOf(database: Database, { orderId }: Sale): Promise<SaleState> {
  const [row] = await database.transaction((transaction) =>
    transaction.rows(
      `SELECT o.status AS status, o.stripe_checkout_session_id AS session_id, o.stripe_payment_intent_id AS intent_id,
         t.sold_quantity AS sold, d.used_count AS used
       FROM ticket_orders AS o JOIN tickets AS t ON t.id = o.ticket_id JOIN discount_codes AS d ON d.id = o.discount_code_id
       WHERE o.id = ?`,
      [orderId],
    ),
  );
  const found = row as Row;
  return {
    status: found.status ?? '',
    sold: Number(found.sold),
    used: Number(found.used),
    sessionId: found.session_id ?? null,
    paymentIntentId: found.intent_id ?? null,
  };
}
