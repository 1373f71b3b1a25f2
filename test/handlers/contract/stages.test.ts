import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { getEvents, getSessionEvents } from '../../../handlers/operations/events.js';
import { migrate } from '../../../handlers/operations/migrate.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from '../../../handlers/operations/migrations.js';
import { removeLedger } from '../../../handlers/operations/remove-ledger.js';
import { listStages } from '../../../handlers/operations/stages.js';
import { createTestOrder, listTestOrders } from '../../../handlers/operations/test-orders.js';
import { applyEvent } from '../../../handlers/shared/event/apply-event.js';
import { arrival, CONFIGURATION, checkoutSession, stripeEvent } from '../support/events.js';
import { sell } from '../support/shop.js';
import { onBoth } from './on-both.js';

const DEV = { ...CONFIGURATION, stage: 'dev' };
const STAGING = { ...CONFIGURATION, stage: 'staging' };
const COMPLETED = 'checkout.session.completed';
/** What the version that did not know stages made. */
const OLDER = [
  'CREATE TABLE stripe_events (event_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, event_type VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, created_at DATETIME(3) NOT NULL, livemode TINYINT(1) NOT NULL, session_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL, order_id VARCHAR(255) NULL, outcome VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, processed_at DATETIME(3) NOT NULL, PRIMARY KEY (event_id), KEY by_session (session_id), KEY by_created (created_at)) ENGINE=InnoDB',
  'CREATE TABLE stripe_event_arrivals (event_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, arrival_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, via VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, received_at DATETIME(3) NOT NULL, PRIMARY KEY (event_id, arrival_id)) ENGINE=InnoDB',
  'CREATE TABLE cachao_test_orders (run_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, order_id VARCHAR(255) NOT NULL, ticket_id VARCHAR(255) NOT NULL, amount_minor BIGINT NOT NULL, made_rows TEXT NOT NULL, created_at DATETIME(3) NOT NULL, PRIMARY KEY (run_id), KEY by_order (order_id)) ENGINE=InnoDB',
];

await onBoth(
  'a ledger that two stages use',
  ({ database }) => {
    const change = (sql: string, values: (string | number)[] = []) =>
      database.transaction((transaction) => transaction.change(sql, values));
    const column = (sql: string) =>
      database.transaction(async (transaction) =>
        (await transaction.rows(sql)).map((row) => Object.values(row)[0] ?? ''),
      );
    const tables = async () =>
      (
        await column(
          "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND (TABLE_NAME LIKE 'cachao%' OR TABLE_NAME LIKE 'stripe%')",
        )
      ).sort();
    const enter = (configuration: typeof DEV) => migrate(database, configuration, { createShopTables: true });
    const payment = async (stage: string) => {
      const { orderId } = await sell(database);
      const session = checkoutSession(orderId, { metadata: { order_id: orderId, cachao_stage: stage } });
      return stripeEvent(COMPLETED, session);
    };
    const recordedBy = async (configuration: typeof DEV, id: string) =>
      (await getEvents(database, configuration, { eventIds: [id] })).events;

    beforeEach(async () => {
      for (const table of await tables()) await change(`DROP TABLE ${table}`);
    });

    it('shows each stage its own arrivals, and none of the other', async () => {
      await enter(DEV);
      await enter(STAGING);
      const event = await payment('staging');
      expect(await applyEvent(database, DEV, event, arrival('eventbridge'))).toMatchObject({
        outcome: 'other-stage',
      });
      expect(await recordedBy(STAGING, event.id), 'dev had it, staging did not').toEqual([]);
      const sessionId = String(event.data.object.id);
      expect((await getSessionEvents(database, STAGING, { sessionId })).events).toEqual([]);
      expect(await recordedBy(DEV, event.id)).toMatchObject([{ arrivals: [{ via: 'eventbridge' }] }]);

      await applyEvent(database, STAGING, event, arrival('webhook'));
      expect(await recordedBy(STAGING, event.id)).toMatchObject([
        { outcome: 'paid', arrivals: [{ via: 'webhook' }] },
      ]);
      expect((await recordedBy(DEV, event.id))[0]?.arrivals.map(({ via }) => via)).toEqual(['eventbridge']);
      const { events } = await getEvents(database, DEV, { sessionIds: [sessionId], anyStage: true });
      expect(events).toMatchObject([{ outcome: 'paid', arrivals: [{}, {}] }]);
    });

    it('tells a stage of its own test orders only', async () => {
      await enter(DEV);
      await enter(STAGING);
      const request = { amountMinor: 500, owner: 'somebody', forSeconds: 600 };
      const dev = await createTestOrder(database, DEV, { ...request, runId: randomUUID() });
      const over = await createTestOrder(database, DEV, { ...request, runId: randomUUID(), forSeconds: 0 });
      expect(await listTestOrders(database, DEV, { olderThanMinutes: 60 })).toEqual({
        orderIds: [over.orderId],
        others: [{ orderId: dev.orderId, owner: 'somebody' }],
      });
      expect(await listTestOrders(database, STAGING, { olderThanMinutes: 0 })).toEqual({
        orderIds: [],
        others: [],
      });
    });

    it('loses what one stage alone recorded when that stage goes, and drops the tables with the last', async () => {
      await enter(DEV);
      await enter(STAGING);
      const [ofDev, ofStaging, ofBoth] = [
        await payment('dev'),
        await payment('staging'),
        await payment('staging'),
      ];
      await applyEvent(database, DEV, ofDev, arrival());
      await applyEvent(database, STAGING, ofStaging, arrival());
      for (const stage of [DEV, STAGING]) await applyEvent(database, stage, ofBoth, arrival());
      await expect(removeLedger(database, DEV, { dropTables: true })).rejects.toMatchObject({
        code: 'LEDGER_SHARED',
        message: expect.stringContaining('staging'),
      });
      expect(await removeLedger(database, DEV, { dropTables: false })).toEqual({ removed: [] });
      expect((await column('SELECT event_id FROM stripe_events')).sort()).toEqual(
        [ofStaging.id, ofBoth.id].sort(),
      );
      expect(await column('SELECT DISTINCT stage FROM stripe_event_arrivals')).toEqual(['staging']);
      expect((await listStages(database, STAGING)).stages).toEqual([{ stage: 'staging', livemode: false }]);
      await removeLedger(database, STAGING, { dropTables: true });
      expect(await tables()).toEqual([]);
    });

    describe('of an earlier version', () => {
      beforeEach(async () => {
        await change(MIGRATIONS_TABLE);
        for (const statement of OLDER) await change(statement);
        for (const { name } of MIGRATIONS.slice(0, 3))
          await change(
            "INSERT INTO cachao_migrations (name, applied_at) VALUES (?, '2026-01-02 03:04:05.000')",
            [name],
          );
      });

      it('takes payments of new functions before it is migrated, and shows them', async () => {
        const event = await payment('dev');
        expect(await applyEvent(database, DEV, event, arrival())).toMatchObject({ outcome: 'paid' });
        expect(await recordedBy(DEV, event.id)).toMatchObject([{ outcome: 'paid', arrivals: [{}] }]);
        const made = await createTestOrder(database, DEV, { runId: randomUUID(), amountMinor: 500 });
        expect((await listTestOrders(database, DEV, { olderThanMinutes: 0 })).orderIds).toEqual([
          made.orderId,
        ]);
      });

      it('keeps what it recorded, and since when; a stage that joins begins then', async () => {
        const event = await payment('dev');
        await applyEvent(database, DEV, event, arrival());
        const before = Date.now();
        expect((await enter(DEV)).applied).toEqual(MIGRATIONS.slice(3).map(({ name }) => name));
        await enter(STAGING);
        expect(await recordedBy(DEV, event.id)).toMatchObject([{ outcome: 'paid', arrivals: [{}] }]);
        const [dev, staging] = await column('SELECT since FROM cachao_stages ORDER BY stage');
        expect(dev).toMatch(/^2026-01-02 03:04:05/);
        expect(Date.parse(`${staging?.replace(' ', 'T')}Z`)).toBeGreaterThanOrEqual(before - 1000);
      });

      it('is not dropped while functions of an earlier version still write to it', async () => {
        await enter(DEV);
        await change("UPDATE cachao_stages SET since = '2026-01-02 03:04:05.000'");
        await change(
          "INSERT INTO stripe_event_arrivals (event_id, arrival_id, via, received_at) VALUES ('evt_1', 'a', 'webhook', '2026-02-02 00:00:00.000')",
        );
        expect(await listStages(database, DEV)).toMatchObject({ unnamed: true });
        await expect(removeLedger(database, DEV, { dropTables: true })).rejects.toMatchObject({
          code: 'LEDGER_SHARED',
        });
        await removeLedger(database, DEV, { dropTables: false });
        expect(await column('SELECT event_id FROM stripe_event_arrivals')).toEqual(['evt_1']);
      });
    });
  },
  async () => undefined,
);
