import { toMajor, toMinor } from '../contract/amounts.js';
import type { Operations } from '../contract/operations.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Row, Transaction, Value } from '../shared/database/database.js';
import { onAnyLedger } from '../shared/database/older-ledger.js';
import { sqlTime } from '../shared/database/time.js';
import { columnsOf } from './catalog.js';
import { isTestEmail, TEST_EMAIL_DOMAIN } from './orders.js';
import { type InsertedRow, insertPlaceholder } from './placeholder-row.js';
import { RequestError } from './request-error.js';

type Create = Operations['create-test-order'];

/**
 * A pending order of one ticket of its own, so that no real ticket's stock moves. Everything it consists of is noted
 * beside it, in the same transaction. Asked again for the same run, it returns the same order.
 */
export async function createTestOrder(
  database: Database,
  configuration: Configuration,
  request: Create['request'],
): Promise<Create['response']> {
  const { runId, amountMinor } = request;
  const { currency } = configuration;
  return database.transaction(async (transaction) => {
    // This row is locked from here: a second call for the run waits, and then finds the order.
    const { affectedRows } = await note(transaction, configuration, request);
    if (affectedRows === 0) return existing(transaction, request, currency);
    const made: InsertedRow[] = [];
    const { orderId, ticketId } = await makeOrder(transaction, request, currency, made);
    await transaction.change(
      'UPDATE cachao_test_orders SET order_id = ?, ticket_id = ?, made_rows = ? WHERE run_id = ?',
      [orderId, ticketId, JSON.stringify(made), runId],
    );
    return { orderId, ticketId, amountMinor, currency };
  });
}

function note(
  transaction: Transaction,
  { stage }: Configuration,
  { runId, amountMinor, owner, forSeconds }: Create['request'],
) {
  const now = Date.now();
  const values = [runId, amountMinor, sqlTime(new Date(now))];
  const overAt = forSeconds === undefined ? null : sqlTime(new Date(now + forSeconds * 1000));
  return onAnyLedger(
    () =>
      transaction.change(
        `INSERT INTO cachao_test_orders (run_id, order_id, ticket_id, amount_minor, made_rows, created_at, stage, owner, over_at)
         VALUES (?, '', '', ?, '[]', ?, ?, ?, ?) ON DUPLICATE KEY UPDATE run_id = run_id`,
        [...values, stage, owner ?? '', overAt],
      ),
    () =>
      transaction.change(
        `INSERT INTO cachao_test_orders (run_id, order_id, ticket_id, amount_minor, made_rows, created_at)
         VALUES (?, '', '', ?, '[]', ?) ON DUPLICATE KEY UPDATE run_id = run_id`,
        values,
      ),
  );
}

async function existing(
  transaction: Transaction,
  { runId, amountMinor }: Create['request'],
  currency: string,
): Promise<Create['response']> {
  const [row] = await transaction.rows(
    'SELECT order_id, ticket_id, amount_minor FROM cachao_test_orders WHERE run_id = ?',
    [runId],
  );
  if (Number(row?.amount_minor) !== amountMinor) {
    throw new RequestError(
      'RUN_EXISTS',
      `Run ${runId} has a test order already, of ${row?.amount_minor} instead of ${amountMinor}.`,
    );
  }
  return { orderId: row?.order_id ?? '', ticketId: row?.ticket_id ?? '', amountMinor, currency };
}

/** A pending order of one ticket; what it consists of is added to `made`. */
export async function makeOrder(
  transaction: Transaction,
  { runId, amountMinor }: Pick<Create['request'], 'runId' | 'amountMinor'>,
  currency: string,
  made: InsertedRow[],
) {
  const price = toMajor(amountMinor, currency);
  const ticketId = await insertPlaceholder(transaction, 'tickets', { sold_quantity: 0, price }, runId, made);
  const [ticket] = await transaction.rows('SELECT * FROM tickets WHERE id = ?', [ticketId]);
  const values: Record<string, Value> = {
    ...(ticket?.event_id == null ? {} : { event_id: ticket.event_id }),
    ticket_id: ticketId,
    email: `test+${runId}@${TEST_EMAIL_DOMAIN}`,
    quantity: 1,
    unit_price: price,
    discount_amount: 0,
    total_amount: price,
    status: 'pending',
  };
  const orderId = await insertPlaceholder(transaction, 'ticket_orders', values, runId, made);
  const [order] = await transaction.rows('SELECT total_amount FROM ticket_orders WHERE id = ?', [orderId]);
  // A column with too few decimals is rounded without an error.
  if (toMinor(order?.total_amount ?? '', currency) !== amountMinor) {
    throw new RequestError(
      'AMOUNT_NOT_KEPT',
      `ticket_orders.total_amount keeps ${price} ${currency} as ${order?.total_amount}: it has too few decimals.`,
    );
  }
  return { orderId, ticketId };
}

export async function removeTestOrder(
  database: Database,
  { orderId }: Operations['remove-test-order']['request'],
): Promise<Operations['remove-test-order']['response']> {
  return database.transaction(async (transaction) => {
    const [order] = await transaction.rows('SELECT id, email FROM ticket_orders WHERE id = ? FOR UPDATE', [
      orderId,
    ]);
    if (order && !(order.id === orderId && isTestEmail(order.email))) {
      throw new RequestError(
        'NOT_A_TEST_ORDER',
        `Order ${orderId} is not a test order (its e-mail is not at ${TEST_EMAIL_DOMAIN}); it is left alone.`,
      );
    }
    const [note] = await transaction.rows(
      'SELECT made_rows FROM cachao_test_orders WHERE order_id = ? FOR UPDATE',
      [orderId],
    );
    if (!order && !note) return { removed: false };
    const made: InsertedRow[] = note
      ? madeRows(note)
      : [{ table: 'ticket_orders', column: 'id', value: orderId }];
    for (const { table, column, value } of made.reverse()) {
      await transaction.change(`DELETE FROM \`${table}\` WHERE \`${column}\` = ?`, [value]);
    }
    await transaction.change('DELETE FROM cachao_test_orders WHERE order_id = ?', [orderId]);
    return { removed: true };
  });
}

function madeRows(note: Row): InsertedRow[] {
  return JSON.parse(note.made_rows ?? '[]') as InsertedRow[];
}

/** Those that name no stage are of functions of an earlier version, perhaps another stage's: only their age decides. */
const UNNAMED_MINUTES = 60;

export async function listTestOrders(
  database: Database,
  { stage }: Configuration,
  { olderThanMinutes }: Operations['list-test-orders']['request'],
): Promise<Operations['list-test-orders']['response']> {
  const now = Date.now();
  const ago = (minutes: number) => sqlTime(new Date(now - minutes * 60_000));
  return database.transaction(async (transaction) => {
    const columns = await columnsOf(transaction, 'cachao_test_orders');
    if (columns.length === 0) return { orderIds: [], others: [] };
    const rows = await onAnyLedger(
      () =>
        transaction.rows(
          `${LISTED}, stage, owner, over_at FROM cachao_test_orders WHERE stage = ? OR (stage = '' AND created_at <= ?) ${BY_AGE}`,
          [stage, ago(Math.max(olderThanMinutes, UNNAMED_MINUTES))],
        ),
      () => transaction.rows(`${LISTED} FROM cachao_test_orders ${BY_AGE}`),
    );
    const isOver = (row: Row) =>
      (row.created_at ?? '') <= ago(olderThanMinutes) || (row.over_at != null && row.over_at <= ago(0));
    return {
      orderIds: rows.filter(isOver).map((row) => row.order_id ?? ''),
      others: rows
        .filter((row) => !isOver(row))
        .map((row) => ({ orderId: row.order_id ?? '', owner: row.owner ?? '' })),
    };
  });
}

const LISTED = 'SELECT order_id, created_at';
const BY_AGE = 'ORDER BY created_at, run_id LIMIT 500';
