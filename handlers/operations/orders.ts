import { toMinor } from '../contract/amounts.js';
import type { Operations, Order } from '../contract/operations.js';
import { PAYABLE_STATES } from '../contract/order-transition.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Row, Transaction, Value } from '../shared/database/database.js';
import { columnsOf } from './catalog.js';
import { RequestError } from './request-error.js';

/** No mail ever reaches it: `.invalid` is reserved (RFC 2606). */
export const TEST_EMAIL_DOMAIN = 'cachao.invalid';

const SELECT =
  'SELECT id, status, total_amount, email, stripe_checkout_session_id AS session_id, stripe_payment_intent_id AS intent_id FROM ticket_orders';

export function isTestEmail(email: string | null | undefined): boolean {
  return email?.toLowerCase().endsWith(`@${TEST_EMAIL_DOMAIN}`) ?? false;
}

export async function getOrders(
  database: Database,
  configuration: Configuration,
  request: Operations['get-orders']['request'],
): Promise<Operations['get-orders']['response']> {
  const by: [string, string[] | undefined][] = [
    ['id', request.orderIds],
    ['stripe_checkout_session_id', request.sessionIds],
    ['stripe_payment_intent_id', request.paymentIntentIds],
  ];
  const conditions: string[] = [];
  const values: Value[][] = [];
  for (const [column, ids] of by) {
    if (!ids?.length) continue;
    conditions.push(`${column} IN (?)`);
    values.push(ids);
  }
  if (conditions.length === 0) return { orders: [] };
  const rows = await database.transaction((transaction) =>
    transaction.rows(`${SELECT} WHERE ${conditions.join(' OR ')} ORDER BY id`, values),
  );
  const asked = new Set(by.flatMap(([, ids]) => ids ?? []));
  // MySQL compares without case and finds '42' for '42x': only what was asked for goes out.
  const found = rows.filter((row) =>
    [row.id, row.session_id, row.intent_id].some((id) => id != null && asked.has(id)),
  );
  return { orders: found.map((row) => toOrder(row, configuration)) };
}

export async function listOrders(
  database: Database,
  configuration: Configuration,
  request: Operations['list-orders']['request'],
): Promise<Operations['list-orders']['response']> {
  const { status, updatedSince, afterId, limit } = request;
  const conditions = ['status = ?', 'stripe_checkout_session_id IS NOT NULL'];
  const values: Value[] = [status];
  return database.transaction(async (transaction) => {
    if (updatedSince !== undefined) {
      const columns = await columnsOf(transaction, 'ticket_orders');
      if (!columns.some((column) => column.name.toLowerCase() === 'updated_at')) {
        throw new RequestError(
          'NO_UPDATED_AT',
          'ticket_orders has no column updated_at, so orders cannot be chosen by the time of their last change.',
        );
      }
      // FROM_UNIXTIME gives the session's own zone, which is what CURRENT_TIMESTAMP wrote.
      conditions.push('updated_at >= FROM_UNIXTIME(?)');
      values.push(Math.floor(Date.parse(updatedSince) / 1000));
    }
    if (afterId !== undefined) {
      conditions.push('id > ?');
      values.push(afterId);
    }
    const rows = await transaction.rows(
      `${SELECT} WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ${limit}`,
      values,
    );
    return { orders: rows.map((row) => toOrder(row, configuration)) };
  });
}

/** Those of the orders that a payment would end now, by their ids. */
export async function payableOrders(
  transaction: Transaction,
  configuration: Configuration,
  orderIds: string[],
): Promise<Map<string, Order>> {
  if (orderIds.length === 0) return new Map();
  const rows = await transaction.rows(`${SELECT} WHERE id IN (?) AND status IN (?)`, [
    orderIds,
    [...PAYABLE_STATES],
  ]);
  return new Map(rows.map((row) => [row.id ?? '', toOrder(row, configuration)]));
}

/** Ties a session to its order before payment, as the shop does. Only for test orders that are still pending. */
export async function attachSession(
  database: Database,
  { orderId, sessionId }: Operations['attach-session']['request'],
): Promise<Record<never, never>> {
  return database.transaction(async (transaction) => {
    const [order] = await transaction.rows(
      'SELECT id, email, status, stripe_checkout_session_id FROM ticket_orders WHERE id = ? FOR UPDATE',
      [orderId],
    );
    if (!order || order.id !== orderId)
      throw new RequestError('UNKNOWN_ORDER', `There is no order ${orderId}.`);
    if (!isTestEmail(order.email))
      throw new RequestError('NOT_A_TEST_ORDER', `Order ${orderId} is not a test order; it is left alone.`);
    if (order.stripe_checkout_session_id === sessionId) return {};
    if (order.status?.toLowerCase() !== 'pending')
      throw new RequestError('ORDER_SETTLED', `Order ${orderId} is ${order.status}, not pending.`);
    await transaction.change('UPDATE ticket_orders SET stripe_checkout_session_id = ? WHERE id = ?', [
      sessionId,
      orderId,
    ]);
    return {};
  });
}

function toOrder(row: Row, { currency }: Configuration): Order {
  const totalAmount = row.total_amount ?? '';
  return {
    orderId: row.id ?? '',
    status: row.status ?? '',
    totalAmount,
    // Not a number of the currency's minor units: no amount of Stripe's can equal it.
    amountMinor: toMinor(totalAmount, currency) ?? -1,
    sessionId: row.session_id ?? null,
    paymentIntentId: row.intent_id ?? null,
    test: isTestEmail(row.email),
  };
}
