import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mariadb } from '../handlers/support/databases.js';
import { RealWay } from './support/real-way.js';

/** Made before the tests are collected; null, with the reason printed, where there is no MariaDB. */
const databases = { dev: await mariadb(), staging: await mariadb() };
const { dev, staging } = databases;

const OWN_TABLES = ['discount_codes', 'events', 'ticket_orders', 'tickets'];
const LEDGER = ['cachao_migrations', 'cachao_test_orders', 'stripe_event_arrivals', 'stripe_events'];

/** One world for all: each step goes on where the last one ended. */
describe.skipIf(!dev || !staging)(
  'without --local, two stages, a shop that was there first',
  { timeout: 300_000 },
  () => {
    let way: RealWay;
    beforeAll(async () => {
      if (dev && staging) way = await RealWay.open({ dev, staging });
    }, 120_000);
    afterAll(() => way?.close());

    it('setup ends in a paid order, and leaves the tables of the shop as they are', async () => {
      for (const stage of ['dev', 'staging']) {
        const { code, report, told } = await way.report(['setup', '--yes', '--stage', stage]);
        expect(report.error, told).toBeNull();
        expect(report.checkout).toMatchObject({ passed: true, orderStatus: 'paid' });
        expect(code).toBe(0);
        expect(await way.tables(stage)).toEqual([...LEDGER, ...OWN_TABLES].sort());
        expect(await way.rows(stage, 'SELECT id FROM ticket_orders'), 'no test order is left').toEqual([]);
      }
    });

    it('setup changes nothing when it is run again', async () => {
      const { code, report } = await way.report(['setup', '--yes', '--stage', 'dev']);
      expect(report).toMatchObject({ outcome: 'unchanged', changes: [], error: null });
      expect(code).toBe(0);
    });

    it('doctor finds both stages healthy', async () => {
      const { code, report, told } = await way.report(['doctor', '--all-stages']);
      expect(
        report.stages?.map(({ stage, exitCode }) => [stage, exitCode]),
        told,
      ).toEqual([
        ['dev', 0],
        ['staging', 0],
      ]);
      expect(code).toBe(0);
    });

    it('doctor --fix applies a migration that is missing', async () => {
      await way.rows('dev', "DELETE FROM cachao_migrations WHERE name = '0003-cachao-test-orders'");
      await way.rows('dev', 'DROP TABLE cachao_test_orders');
      const { code, report, told } = await way.report(['doctor', '--fix', '--yes', '--stage', 'dev']);
      expect(report.error, told).toBeNull();
      expect(code).toBe(0);
      expect(report.changes.map(({ check }) => check)).toEqual(['database.schema']);
      expect(await way.tables('dev')).toEqual([...LEDGER, ...OWN_TABLES].sort());
    });
  },
);
