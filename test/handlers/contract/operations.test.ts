import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationName, Operations } from '../../../handlers/contract/operations.js';
import { itWhere } from '../../support/where.js';
import { buildBundles } from '../support/bundles.js';
import { envelope } from '../support/envelopes.js';
import { type Environment, startEnvironment } from '../support/environment.js';
import { checkoutSession, sessionId, stripeEvent } from '../support/events.js';
import { functionEnvironment, startParameterStore } from '../support/parameter-store.js';
import { sell } from '../support/shop.js';
import { onBoth } from './on-both.js';

const bundles = await buildBundles();
afterAll(() => bundles.remove());

await onBoth(
  'the operations function',
  ({ database, server }) => {
    let operations: Environment;
    let events: Environment;
    let store: Awaited<ReturnType<typeof startParameterStore>>;
    beforeAll(async () => {
      store = await startParameterStore({
        '/cachao/test/database': server.url,
        '/cachao/test/stripe/webhook-secret': 'whsec_new, whsec_old\n',
      });
      const variables = functionEnvironment(store.url);
      operations = await startEnvironment(bundles.bundle('operations'), variables);
      events = await startEnvironment(bundles.bundle('stripe-event'), variables);
    });
    afterAll(async () => {
      await operations.kill();
      await events.kill();
      await store.close();
    });

    type Reply<N extends OperationName> =
      | { ok: true; result: Operations[N]['response'] }
      | { ok: false; error: { code: string; message: string } };
    const ask = async <N extends OperationName>(operation: N, request: unknown): Promise<Reply<N>> =>
      (await operations.invoke({ operation, ...(request as object) })).result as Reply<N>;
    const done = async <N extends OperationName>(
      operation: N,
      request: Operations[N]['request'],
    ): Promise<Operations[N]['response']> => {
      const reply = await ask(operation, request);
      if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
      return reply.result;
    };

    it('probes an empty database, migrates it, and probes it again', async () => {
      const before = await done('probe', {});
      expect(before).toMatchObject({
        stage: 'test',
        livemode: false,
        currency: 'eur',
        webhookSecretError: null,
      });
      expect(before.database).toMatchObject({
        reachable: true,
        tls: 'off',
        local: server.name === 'embedded',
      });
      expect(before.schema).toMatchObject({
        current: false,
        recordingSince: null,
        shop: { missingTables: ['ticket_orders', 'tickets', 'discount_codes'] },
      });
      expect(before.schema?.pending).toHaveLength(7);
      expect(before.webhookSecretFingerprints).toHaveLength(2);
      expect(JSON.stringify(before)).not.toContain('whsec_');

      expect(await done('migrate', { createShopTables: true })).toMatchObject({
        applied: before.schema?.pending,
        shopTablesCreated: true,
      });
      expect(await done('migrate', { createShopTables: true })).toMatchObject({
        applied: [],
        shopTablesCreated: false,
        database: { schema: new URL(server.url).pathname.slice(1), parameterVersion: 1 },
      });
      const after = await done('probe', {});
      expect(after.schema).toMatchObject({
        current: true,
        pending: [],
        writeRefusal: null,
        stages: [{ stage: 'test', livemode: false }],
        shop: { missingTables: [], missingColumns: [], missingStatuses: [], wrongEngine: [] },
      });
      expect(Date.now() - Date.parse(after.schema?.recordingSince ?? '')).toBeLessThan(60_000);
    });

    itWhere(server.name === 'MariaDB', 'only MariaDB has it')(
      'says that a payment cannot be written, and tries it without a trace',
      async () => {
        const ledger = async () =>
          (
            await database.transaction((transaction) =>
              transaction.rows('SELECT COUNT(*) AS n FROM stripe_events'),
            )
          )[0];
        const before = await ledger();
        expect((await done('probe', {})).schema).toMatchObject({
          writeRefusal: null,
          shop: { problems: [] },
        });
        expect(await ledger()).toEqual(before);
        const url = new URL(server.url);
        const user = `r_${randomUUID().slice(0, 8)}`;
        const run = (sql: string) => database.transaction((transaction) => transaction.change(sql));
        await run(`CREATE USER ${user}@'%' IDENTIFIED BY 'reads'`);
        await run(`GRANT SELECT, INSERT ON ${url.pathname.slice(1)}.* TO ${user}@'%'`);
        url.username = user;
        url.password = 'reads';
        store.values['/cachao/test/database'] = url.href;
        expect((await done('probe', {})).schema?.writeRefusal).toMatch(/UPDATE command denied/);
        store.values['/cachao/test/database'] = server.url;
        await run(`DROP USER ${user}@'%'`);
        expect((await done('probe', {})).schema).toMatchObject({ writeRefusal: null });
      },
    );

    itWhere(server.name === 'MariaDB', 'only MariaDB has them')(
      'names the triggers that act on a payment, and says what goes wrong with them, without a trace',
      async () => {
        const run = (sql: string) => database.transaction((transaction) => transaction.change(sql));
        const orders = () =>
          database.transaction((transaction) =>
            transaction.rows(
              'SELECT (SELECT COUNT(*) FROM ticket_orders) AS orders, (SELECT COUNT(*) FROM tickets) AS tickets, (SELECT COUNT(*) FROM stripe_events) AS events',
            ),
          );
        const before = await orders();
        const withTrigger = async (body: string) => {
          await run(`CREATE TRIGGER shop_own ${body}`);
          const { schema } = await done('probe', {});
          await run('DROP TRIGGER shop_own');
          return schema;
        };
        expect(
          await withTrigger('BEFORE UPDATE ON ticket_orders FOR EACH ROW SET NEW.email = LOWER(NEW.email)'),
        ).toMatchObject({
          writeRefusal: null,
          shop: { triggers: ['BEFORE UPDATE on ticket_orders (shop_own)'] },
        });
        // Counted twice: by the payment, and by the trigger.
        expect(
          await withTrigger(
            'BEFORE UPDATE ON tickets FOR EACH ROW SET NEW.sold_quantity = NEW.sold_quantity + 1',
          ),
        ).toMatchObject({ writeRefusal: expect.stringContaining('made sold_quantity 2') });
        // The statement that pays the order holds the ticket, so the trigger may not change it.
        expect(
          await withTrigger(
            "AFTER UPDATE ON ticket_orders FOR EACH ROW UPDATE tickets SET name = 'sold' WHERE id = NEW.ticket_id",
          ),
        ).toMatchObject({ writeRefusal: expect.stringMatching(/update table.*tickets.*trigger/i) });
        expect(
          await withTrigger(
            "BEFORE UPDATE ON ticket_orders FOR EACH ROW SET NEW.status = IF(NEW.status = 'paid', 'review', NEW.status)",
          ),
        ).toMatchObject({ writeRefusal: expect.stringContaining('as "review"') });
        expect(await withTrigger('AFTER INSERT ON ticket_orders FOR EACH ROW SET @made = 1')).toMatchObject({
          writeRefusal: null,
          shop: { triggers: [] },
        });
        expect(await orders()).toEqual(before);
      },
    );

    it('makes a test order once for each run, which is paid, looked up and removed like any other', async () => {
      const runId = randomUUID();
      const made = await done('create-test-order', { runId, amountMinor: 1999 });
      expect(await done('create-test-order', { runId, amountMinor: 1999 })).toEqual(made);
      expect(await ask('create-test-order', { runId, amountMinor: 5 })).toMatchObject({
        ok: false,
        error: { code: 'RUN_EXISTS' },
      });
      const session = checkoutSession(made.orderId, { amount_total: 1999 });
      await done('attach-session', { orderId: made.orderId, sessionId: session.id });
      await done('attach-session', { orderId: made.orderId, sessionId: session.id });
      const pending = {
        orderId: made.orderId,
        status: 'pending',
        totalAmount: '19.99',
        amountMinor: 1999,
        sessionId: session.id,
        paymentIntentId: null,
        test: true,
      };
      expect(await done('get-orders', { orderIds: [made.orderId] })).toEqual({ orders: [pending] });

      const event = stripeEvent('checkout.session.completed', session);
      expect((await events.invoke(envelope(event))).result).toEqual({
        outcome: 'paid',
        orderId: made.orderId,
      });
      expect((await done('get-orders', { sessionIds: [session.id] })).orders[0]).toMatchObject({
        status: 'paid',
      });
      expect(
        (await done('get-orders', { paymentIntentIds: [String(session.payment_intent)] })).orders,
      ).toHaveLength(1);
      const inLedger = {
        eventId: event.id,
        outcome: 'paid',
        orderId: made.orderId,
        arrivals: [{ via: 'eventbridge' }],
      };
      expect((await done('get-session-events', { sessionId: session.id })).events).toMatchObject([inLedger]);
      const found = await done('get-events', { sessionIds: [session.id, 'cs_test_unknown'] });
      expect(found.events.map((one) => one.eventId)).toEqual([event.id]);
      expect(await done('get-events', {})).toEqual({ events: [] });
      expect((await done('get-events', { eventIds: [event.id, 'evt_unknown'] })).events).toMatchObject([
        inLedger,
      ]);
      expect(await ask('attach-session', { orderId: made.orderId, sessionId: sessionId() })).toMatchObject({
        ok: false,
        error: { code: 'ORDER_SETTLED' },
      });

      expect((await done('list-test-orders', { olderThanMinutes: 0 })).orderIds).toContain(made.orderId);
      expect((await done('list-test-orders', { olderThanMinutes: 5 })).others).toContainEqual({
        orderId: made.orderId,
        owner: '',
      });
      expect((await done('list-test-orders', { olderThanMinutes: 5 })).orderIds).not.toContain(made.orderId);
      expect(await done('remove-test-order', { orderId: made.orderId })).toEqual({ removed: true });
      expect(await done('remove-test-order', { orderId: made.orderId })).toEqual({ removed: false });
      expect(await done('get-orders', { orderIds: [made.orderId] })).toEqual({ orders: [] });
      const tickets = await database.transaction((transaction) =>
        transaction.rows('SELECT id FROM tickets WHERE id = ?', [made.ticketId]),
      );
      expect(tickets).toEqual([]);
    });

    it('leaves real orders alone', async () => {
      const sale = await sell(database);
      expect(await ask('remove-test-order', { orderId: sale.orderId })).toMatchObject({
        ok: false,
        error: { code: 'NOT_A_TEST_ORDER' },
      });
      expect(await ask('attach-session', { orderId: sale.orderId, sessionId: sessionId() })).toMatchObject({
        ok: false,
        error: { code: 'NOT_A_TEST_ORDER' },
      });
      expect(
        (await done('get-orders', { orderIds: [sale.orderId, `${sale.orderId}x`] })).orders,
      ).toHaveLength(1);
    });

    it('pages through orders by id', async () => {
      const sessions = [sessionId(), sessionId(), sessionId()];
      const ids: string[] = [];
      for (const id of sessions) ids.push((await sell(database, { sessionId: id, status: 'paid' })).orderId);
      const since = new Date(Date.now() - 60_000).toISOString();
      const before = String(Number(ids[0]) - 1);
      const first = await done('list-orders', {
        status: 'paid',
        limit: 2,
        afterId: before,
        updatedSince: since,
      });
      expect(first.orders.map((order) => order.orderId)).toEqual(ids.slice(0, 2));
      const rest = await done('list-orders', { status: 'paid', limit: 2, afterId: ids[1] as string });
      expect(rest.orders.map((order) => order.orderId)).toEqual(ids.slice(2));
      const future = new Date(Date.now() + 3_600_000).toISOString();
      expect((await done('list-orders', { status: 'paid', limit: 5, updatedSince: future })).orders).toEqual(
        [],
      );
    });

    /** Every page of an operation, each of two. */
    async function pagesOf<T>(ask: (afterId?: string) => Promise<{ items: T[]; next: string | null }>) {
      const pages: T[][] = [];
      let afterId: string | undefined;
      do {
        const { items, next } = await ask(afterId);
        pages.push(items);
        afterId = next ?? undefined;
      } while (afterId !== undefined);
      return pages;
    }

    const setLedger = (eventId: string, columns: Record<string, string>) =>
      database.transaction((transaction) =>
        transaction.change(
          `UPDATE stripe_events SET ${Object.keys(columns)
            .map((name) => `${name} = ?`)
            .join(', ')} WHERE event_id = ?`,
          [...Object.values(columns), eventId],
        ),
      );

    it('pages through what was settled in a window, in order of settlement, also where many were at once', async () => {
      const times = ['03.000', '01.000', '02.000', '02.000', '02.000', '09.000'];
      const ids: string[] = [];
      for (const [index, time] of times.entries()) {
        const event = stripeEvent(
          'checkout.session.completed',
          checkoutSession((await sell(database)).orderId),
          {
            id: `evt_page${index}`,
          },
        );
        await events.invoke(envelope(event));
        await setLedger(event.id, { processed_at: `2026-02-03 04:05:${time}` });
        ids.push(event.id);
      }
      const window = {
        types: ['checkout.session.completed'],
        processedSince: '2026-02-03T04:05:01.000Z',
        processedUntil: '2026-02-03T04:05:09.000Z',
      };
      const pages = await pagesOf(async (afterId) => {
        const { events: items, next } = await done('list-events', {
          ...window,
          limit: 2,
          ...(afterId === undefined ? {} : { afterId }),
        });
        return { items: items.map(({ eventId }) => eventId), next };
      });
      expect(pages).toEqual([[ids[1], ids[2]], [ids[3], ids[4]], [ids[0]]]);
      expect(await ask('list-events', { ...window, limit: 2, afterId: 'evt_page1' })).toMatchObject({
        ok: false,
        error: { code: 'INVALID_REQUEST' },
      });
    });

    it('pages through payments that are awaited, while their orders wait for them', async () => {
      const announce = async (id: string, status?: string) => {
        const sale = await sell(database, status === undefined ? {} : { status });
        const event = stripeEvent(
          'checkout.session.completed',
          checkoutSession(sale.orderId, { payment_status: 'unpaid' }),
          { id, created: Date.parse('2026-03-04T05:06:07Z') / 1000 },
        );
        expect((await events.invoke(envelope(event))).result).toMatchObject({ outcome: 'awaiting-payment' });
        return { event, orderId: sale.orderId };
      };
      const [first, cancelled, paid, expired, last] = [
        await announce('evt_wait1'),
        await announce('evt_wait2'),
        await announce('evt_wait3'),
        await announce('evt_wait4', 'expired'),
        await announce('evt_wait5'),
      ];
      await database.transaction((transaction) =>
        transaction.change("UPDATE ticket_orders SET status = 'cancelled' WHERE id = ?", [cancelled.orderId]),
      );
      const came = stripeEvent('checkout.session.async_payment_succeeded', {
        ...paid.event.data.object,
        payment_status: 'paid',
      });
      expect((await events.invoke(envelope(came))).result).toMatchObject({ outcome: 'paid' });
      const window = { createdSince: '2026-03-04T05:06:07Z', createdUntil: '2026-03-04T05:06:08Z' };
      const pages = await pagesOf(async (afterId) => {
        const { awaiting: items, next } = await done('list-awaiting', {
          ...window,
          limit: 2,
          ...(afterId === undefined ? {} : { afterId }),
        });
        return { items, next };
      });
      // Pages are of ledger rows; what is settled falls out of them.
      expect(pages.map((page) => page.map(({ event }) => event.eventId))).toEqual([
        ['evt_wait1'],
        ['evt_wait4'],
        ['evt_wait5'],
      ]);
      expect(pages.flat()).toMatchObject([
        {
          event: { sessionId: first.event.data.object.id },
          order: { orderId: first.orderId, status: 'pending' },
        },
        { order: { orderId: expired.orderId, status: 'expired' } },
        { event: { orderId: last.orderId }, order: { orderId: last.orderId } },
      ]);
      const later = { createdSince: '2026-03-04T05:06:08Z', createdUntil: '2026-03-05T00:00:00Z' };
      expect(await done('list-awaiting', { ...later, limit: 5 })).toEqual({ awaiting: [], next: null });
    });

    itWhere(server.name === 'MariaDB', 'only MariaDB plans')(
      'reads by index what was settled in a window, and what is awaited',
      async () => {
        const planOf = async (sql: string) => {
          const [row] = await database.transaction((transaction) => transaction.rows(`EXPLAIN ${sql}`));
          return row?.key;
        };
        await database.transaction((transaction) =>
          transaction.change(
            `INSERT INTO stripe_events (event_id, event_type, created_at, livemode, outcome, processed_at)
             SELECT CONCAT('evt_many', seq), 'checkout.session.completed', '2025-01-01', 0, 'paid', '2025-01-01' + INTERVAL seq MINUTE FROM seq_1_to_5000`,
          ),
        );
        await database.transaction((transaction) => transaction.rows('ANALYZE TABLE stripe_events'));
        const since = "'2025-01-02 00:00:00.000'";
        expect(
          await planOf(
            `SELECT outcome FROM stripe_events WHERE processed_at >= ${since} AND processed_at < '2025-01-02 01:00:00' AND (processed_at > ${since} OR event_id > '')
             AND event_type IN ('checkout.session.completed') ORDER BY processed_at, event_id LIMIT 500`,
          ),
        ).toBe('by_processed');
        expect(
          await planOf(
            "SELECT livemode FROM stripe_events WHERE outcome = 'awaiting-payment' AND event_id > '' AND created_at >= '2025-01-01' AND created_at < '2026-12-01' ORDER BY event_id LIMIT 500",
          ),
        ).toBe('by_outcome');
        await database.transaction((transaction) =>
          transaction.change("DELETE FROM stripe_events WHERE event_id LIKE 'evt_many%'"),
        );
      },
    );

    it.each([
      [{ operation: 'drop-everything' }, 'UNKNOWN_OPERATION'],
      [{ operation: 'toString' }, 'UNKNOWN_OPERATION'],
      [null, 'UNKNOWN_OPERATION'],
      [{ operation: 'list-orders', status: 'paid', limit: '1; DROP TABLE tickets' }, 'INVALID_REQUEST'],
      [{ operation: 'create-test-order', runId: 'a b', amountMinor: 1 }, 'INVALID_REQUEST'],
      [{ operation: 'get-events', eventIds: Array.from({ length: 501 }, () => 'evt_1') }, 'INVALID_REQUEST'],
    ])('refuses %j with %s', async (request, code) => {
      expect((await operations.invoke(request)).result).toMatchObject({ ok: false, error: { code } });
    });

    it("fills what a shop's own tables require, makes the parents they refer to, and removes exactly that", async () => {
      await database.transaction(async (transaction) => {
        for (const table of ['ticket_orders', 'tickets', 'discount_codes'])
          await transaction.change(`DROP TABLE ${table}`);
        const id = 'CHAR(36) NOT NULL PRIMARY KEY';
        await transaction.change(`CREATE TABLE venues (id ${id}, name VARCHAR(20) NOT NULL) ENGINE=InnoDB`);
        await transaction.change(
          `CREATE TABLE events (id ${id}, venue_id CHAR(36) NOT NULL, starts_at DATETIME NOT NULL, kind ENUM('concert','fair') NOT NULL,
           FOREIGN KEY (venue_id) REFERENCES venues (id)) ENGINE=InnoDB`,
        );
        await transaction.change(
          `CREATE TABLE tickets (id ${id}, event_id CHAR(36) NOT NULL, settings LONGTEXT NOT NULL, sold_quantity INT NOT NULL,
           FOREIGN KEY (event_id) REFERENCES events (id)) ENGINE=InnoDB`,
        );
        await transaction.change(
          `CREATE TABLE discount_codes (id ${id}, used_count INT NOT NULL) ENGINE=InnoDB`,
        );
        await transaction.change(
          `CREATE TABLE ticket_orders (id ${id}, event_id CHAR(36) NOT NULL, ticket_id CHAR(36) NOT NULL, email VARCHAR(190) NOT NULL, quantity INT NOT NULL,
           discount_code_id CHAR(36) NULL, total_amount DECIMAL(10,2) NOT NULL, status ENUM('pending','paid','expired') NOT NULL, buyer_name VARCHAR(10) NOT NULL,
           stripe_checkout_session_id VARCHAR(255) NULL, stripe_payment_intent_id VARCHAR(255) NULL,
           FOREIGN KEY (event_id) REFERENCES events (id), FOREIGN KEY (ticket_id) REFERENCES tickets (id)) ENGINE=InnoDB`,
        );
      });
      expect((await done('probe', {})).schema?.shop).toMatchObject({
        missingTables: [],
        missingColumns: [],
        missingStatuses: ['failed'],
      });
      const count = async () => {
        const tables = ['venues', 'events', 'tickets', 'ticket_orders'];
        const counts: string[] = [];
        for (const table of tables) {
          const [row] = await database.transaction((transaction) =>
            transaction.rows(`SELECT COUNT(*) AS n FROM ${table}`),
          );
          counts.push(row?.n ?? '');
        }
        return counts.join(' ');
      };
      const made = await done('create-test-order', { runId: randomUUID(), amountMinor: 2500 });
      expect(await count()).toBe('1 1 1 1');
      expect(
        (
          await events.invoke(
            envelope(stripeEvent('checkout.session.completed', checkoutSession(made.orderId))),
          )
        ).result,
      ).toMatchObject({ outcome: 'paid' });
      expect(await done('remove-test-order', { orderId: made.orderId })).toEqual({ removed: true });
      expect(await count()).toBe('0 0 0 0');
    });

    itWhere(server.name === 'MariaDB', 'only MariaDB has it')(
      "says all at once what is wrong with the shop's tables",
      async () => {
        await database.transaction(async (transaction) => {
          await transaction.change('CREATE TABLE kept_tickets LIKE tickets');
          await transaction.change('DROP TABLE ticket_orders');
          await transaction.change('DROP TABLE tickets');
          await transaction.change(
            'CREATE TABLE tickets (id INT(8) ZEROFILL NOT NULL PRIMARY KEY, quantity INT, sold_quantity INT AS (quantity + 1)) ENGINE=MyISAM',
          );
          await transaction.change(
            `CREATE TABLE ticket_orders (id VARCHAR(36) NOT NULL, part INT NOT NULL, ticket_id INT, email VARCHAR(190), quantity INT NULL,
           discount_code_id INT, total_amount DECIMAL(10,2), status ENUM('pending','paid','expired','failed'),
           stripe_checkout_session_id VARCHAR(255), PRIMARY KEY (id, part)) ENGINE=InnoDB`,
          );
        });
        expect((await done('probe', {})).schema?.shop).toMatchObject({
          missingColumns: ['ticket_orders.stripe_payment_intent_id'],
          wrongEngine: ['tickets'],
          problems: [
            expect.stringContaining('ticket_orders.id is neither the primary key nor unique'),
            expect.stringContaining('ticket_orders.quantity may be NULL'),
            expect.stringContaining('tickets.id is ZEROFILL'),
            expect.stringContaining('tickets.sold_quantity is generated'),
          ],
        });
        await database.transaction(async (transaction) => {
          await transaction.change('DROP TABLE ticket_orders');
          await transaction.change('DROP TABLE tickets');
          await transaction.change('RENAME TABLE kept_tickets TO tickets');
          await transaction.change('CREATE TABLE ticket_orders (id INT NOT NULL PRIMARY KEY)');
        });
      },
    );

    it('names the column that it cannot fill, and leaves nothing behind', async () => {
      await database.transaction(async (transaction) => {
        for (const table of ['ticket_orders', 'tickets']) await transaction.change(`DROP TABLE ${table}`);
        await transaction.change(
          'CREATE TABLE tickets (id INT NOT NULL PRIMARY KEY, sold_quantity INT NOT NULL) ENGINE=InnoDB',
        );
      });
      const runId = randomUUID();
      for (let attempt = 0; attempt < 2; attempt++) {
        const reply = await ask('create-test-order', { runId, amountMinor: 2500 });
        expect(reply).toMatchObject({
          ok: false,
          error: { code: 'REQUIRED_COLUMN', message: expect.stringContaining('tickets.id') },
        });
      }
      expect((await done('probe', {})).schema?.shop).toMatchObject({ missingTables: ['ticket_orders'] });
      expect(await done('migrate', { createShopTables: true })).toMatchObject({ shopTablesCreated: false });
    });

    it('drops its own tables and nothing else, also when it was cut short, and makes them anew', async () => {
      await database.transaction((transaction) => transaction.change('DROP TABLE stripe_event_arrivals'));
      expect(await done('remove-ledger', { dropTables: true })).toEqual({
        removed: ['stripe_events', 'cachao_test_orders', 'cachao_stages', 'cachao_migrations'],
      });
      expect(await done('remove-ledger', { dropTables: true })).toEqual({ removed: [] });
      const { schema } = await done('probe', {});
      expect(schema).toMatchObject({ recordingSince: null, shop: { missingTables: ['ticket_orders'] } });
      expect((await done('migrate', { createShopTables: false })).applied).toHaveLength(7);
    });
  },
  async () => undefined,
);
