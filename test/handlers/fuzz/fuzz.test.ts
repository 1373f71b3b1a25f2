import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../handlers/shared/database/database.js';
import { isExploring, seed } from '../../support/property-tests.js';
import { buildBundles } from '../support/bundles.js';
import { embedded, mariadb, open, type TestDatabase } from '../support/databases.js';
import { type Environment, startEnvironment } from '../support/environment.js';
import { functionEnvironment, startParameterStore } from '../support/parameter-store.js';
import { prepare } from '../support/shop.js';
import { type FuzzCase, makeCase } from './cases.js';
import { type Expected, expect as expectedOf } from './oracle.js';
import { Random } from './random.js';

const CASES = isExploring ? 1_000_000 : 20_000;
const BATCH = 500;
const SECRET = 'whsec_fuzz';
const ANSWERS = [
  ...[
    '400',
    'AMOUNT_MISMATCH',
    'CONNECTED_ACCOUNT',
    'CURRENCY_MISMATCH',
    'LIVEMODE_MISMATCH',
    'MALFORMED_EVENT',
  ],
  ...['MISSING_ORDER_ID', 'ORDER_NOT_PAYABLE', 'SESSION_MISMATCH', 'UNKNOWN_ORDER', 'awaiting-payment'],
  ...['ignored-type', 'no-change', 'other-stage', 'paid', 'released'],
];
const SECRETS = '/cachao/test/stripe/webhook-secret';

describe('any envelope and any signature', () => {
  let bundles: Awaited<ReturnType<typeof buildBundles>>;
  let server: TestDatabase;
  let database: Database;
  let store: Awaited<ReturnType<typeof startParameterStore>>;
  const seen = new Map<string, number>();
  let functions: Record<'eventbridge' | 'webhook', Environment>;

  beforeAll(async () => {
    bundles = await buildBundles();
    server = (await mariadb()) ?? (await embedded());
    database = open(server);
    await prepare(database);
    store = await startParameterStore({ '/cachao/test/database': server.url, [SECRETS]: SECRET });
    const start = (name: string) => startEnvironment(bundles.bundle(name), functionEnvironment(store.url));
    functions = { eventbridge: await start('stripe-event'), webhook: await start('stripe-webhook') };
  });
  afterAll(async () => {
    for (const environment of Object.values(functions ?? {})) await environment.kill();
    await database?.close();
    await server?.close();
    await store?.close();
    await bundles?.remove();
  });

  it(
    `does what the tables of docs/events-and-orders.md say, ${CASES} times`,
    async () => {
      const random = new Random(seed);
      for (let done = 0; done < CASES; done += BATCH) await runBatch(random);
      // Every answer that there is, so that no part of the tables goes untried.
      expect([...seen.keys()].sort()).toEqual(ANSWERS);
    },
    isExploring ? 7_200_000 : 600_000,
  );

  /** Makes orders, delivers an event to each, and compares answers and orders with what has to come of them. */
  async function runBatch(random: Random): Promise<void> {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const cases = Array.from({ length: BATCH }, () => makeCase(random, SECRET, nowSeconds));
    const first = await insertOrders(cases);
    const judged = cases.map((one, index) => judge(one, String(first + index)));
    const answers = await Promise.all(judged.map(({ request, one }) => deliver(one, request)));
    const orders = await readOrders(first);
    for (const [index, { one, expected }] of judged.entries()) {
      const came = { answer: answers[index], order: orders[index] };
      // Twenty thousand deep comparisons by the assertion itself would take longer than the handlers do.
      if (!isDeepStrictEqual(came, expected))
        expect({ case: one, ...came }).toStrictEqual({ case: one, ...expected });
      seen.set(expected.answer, (seen.get(expected.answer) ?? 0) + 1);
    }
  }

  function judge(one: FuzzCase, orderId: string): { one: FuzzCase; request: unknown; expected: Expected } {
    const text = JSON.stringify(one.event).replaceAll('{order}', orderId);
    const event = JSON.parse(text);
    const request =
      one.delivery.via === 'webhook' ? one.delivery.sign(text) : envelopeOf(event, one.delivery.detailType);
    return { one, request, expected: expectedOf(orderId, { ...one, event }) };
  }

  async function deliver({ delivery }: FuzzCase, request: unknown): Promise<string> {
    const { result, error } = await functions[delivery.via].invoke(request);
    if (delivery.via === 'eventbridge') return error ?? (result as { outcome: string }).outcome;
    const { statusCode, body } = result as { statusCode: number; body: string };
    const { outcome, error: refusal } = JSON.parse(body) as { outcome?: string; error?: { code: string } };
    return statusCode === 400 ? '400' : (outcome ?? refusal?.code ?? body);
  }

  /** The first order's id; the others follow. */
  async function insertOrders(cases: FuzzCase[]): Promise<number> {
    return database.transaction(async (transaction) => {
      const rows = cases.map(() => "(1, 'Evening', '12.50', 100, 0)").join(', ');
      const tickets = await transaction.change(
        `INSERT INTO tickets (event_id, name, price, quantity, sold_quantity) VALUES ${rows}`,
      );
      const values = cases.flatMap(({ order }, index) => [
        tickets.insertId + index,
        order.total,
        order.status,
        order.sessionId,
      ]);
      const orders = await transaction.change(
        `INSERT INTO ticket_orders (event_id, ticket_id, email, quantity, unit_price, discount_amount, total_amount, status, stripe_checkout_session_id)
         VALUES ${cases.map(() => "(1, ?, 'someone@example.com', 2, '12.50', 0, ?, ?, ?)").join(', ')}`,
        values,
      );
      return orders.insertId;
    });
  }

  async function readOrders(first: number): Promise<Expected['order'][]> {
    const rows = await database.transaction((transaction) =>
      transaction.rows(
        `SELECT o.status, o.total_amount, o.stripe_checkout_session_id, t.sold_quantity
         FROM ticket_orders AS o JOIN tickets AS t ON t.id = o.ticket_id WHERE o.id >= ? ORDER BY o.id LIMIT ${BATCH}`,
        [first],
      ),
    );
    return rows.map((row) => ({
      status: row.status ?? '',
      total: row.total_amount ?? '',
      sessionId: row.stripe_checkout_session_id ?? null,
      sold: Number(row.sold_quantity),
    }));
  }
});

function envelopeOf(event: { type?: unknown }, detailType: string): object {
  return {
    version: '0',
    id: 'fuzz',
    'detail-type': detailType,
    source: 'aws.partner/stripe.com/ed_test_61abc',
    account: '123456789012',
    time: '2026-11-23T10:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail: event,
  };
}
