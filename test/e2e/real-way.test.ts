import type { ChildProcess } from 'node:child_process';
import {
  ActivateEventSourceCommand,
  DeactivateEventSourceCommand,
  EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { GetPolicyCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mariadb, noMariadb } from '../handlers/support/databases.js';
import { describeWhere } from '../support/where.js';
import { RealWay } from './support/real-way.js';
import { MINUTE, until } from './support/shop.js';
import { cachaoOnTerminal, canMakeTerminals } from './support/terminal.js';
import { stripeOf } from './support/world.js';

/** Made before the tests are collected; null where there is no MariaDB. */
const databases = { dev: await mariadb(), staging: await mariadb() };
const { dev, staging } = databases;

const OWN_TABLES = ['discount_codes', 'events', 'ticket_orders', 'tickets'];
const LEDGER = [
  'cachao_migrations',
  'cachao_stages',
  'cachao_test_orders',
  'stripe_event_arrivals',
  'stripe_events',
];
const ALL = [...LEDGER, ...OWN_TABLES].sort();
const ENTER = '\r';

/** One world for all: each step goes on where the last one ended. */
describeWhere(dev !== null && staging !== null, noMariadb())(
  'without --local, two stages, a shop that was there first',
  () => {
    let way: RealWay;
    beforeAll(async () => {
      if (dev && staging) way = await RealWay.open({ dev, staging });
    });
    afterAll(() => way?.close());

    describe('setup', () => {
      it('says in a dry run what it will ask, plans the rest, what it costs, and ends as the run would', async () => {
        const unknown = { CACHAO_DATABASE_PASSWORD: undefined, STRIPE_API_KEY: undefined };
        const without = await way.report(['setup', '--dry-run', '--stage', 'dev'], unknown);
        expect(without.code, without.told).toBe(4);
        expect(without.report.error?.next.join()).toMatch(/STRIPE_API_KEY.*CACHAO_DATABASE_PASSWORD/s);
        const { code, stdout, stderr } = await way.run(['setup', '--dry-run', '--stage', 'dev'], {
          CACHAO_DATABASE_PASSWORD: undefined,
        });
        expect(code, stderr).toBe(4);
        expect(stdout).toContain('This was a dry run: nothing was changed');
        expect(stdout).toMatch(/CloudFormation stack shop-dev/);
        expect(stdout).toMatch(/a month/);
        expect(`${stdout}${stderr}`).not.toMatch(/made and stand/);
        expect(stderr).toContain('cachao setup --local --dry-run');
      });

      it('with a wrong password does not end set up, and tells how to give another', async () => {
        const wrong = { CACHAO_DATABASE_PASSWORD: 'wrong-password' };
        const first = await way.report(['setup', '--yes', '--stage', 'dev'], wrong);
        expect(first.code, first.told).toBe(1);
        const found = first.report.findings.find(({ id }) => id === 'database.reachable');
        expect(found).toMatchObject({ outcome: 'fail' });
        expect(found?.remedy?.text).toContain('CACHAO_DATABASE_PASSWORD');
        for (const environment of [wrong, { CACHAO_DATABASE_PASSWORD: undefined }]) {
          const again = await way.report(['setup', '--yes', '--stage', 'dev'], environment);
          expect(again.code, again.told).toBe(4);
          expect(again.report.error).toMatchObject({ code: 'ANSWERS_NEEDED' });
          expect(again.report.error?.next.join()).toContain('CACHAO_DATABASE_PASSWORD');
        }
      });

      it('asks again on a terminal, and ends in a paid order; the tables of the shop are as they were', async () => {
        if (canMakeTerminals) {
          const { CACHAO_DATABASE_PASSWORD: password = '', ...environment } = way.exported();
          const result = await cachaoOnTerminal(['setup', '--stage', 'dev'], {
            cwd: way.cwd,
            environment,
            answers: [
              { when: 'Orders database', keys: ENTER },
              { when: 'password', keys: `${password}${ENTER}` },
              { when: 'Carry out this plan?', keys: `y${ENTER}` },
            ],
          });
          expect(result.unasked, result.text).toEqual([]);
          expect(result.text).toContain('the test order was paid once');
          expect(result.code).toBe(0);
        } else expect((await way.run(['setup', '--yes', '--stage', 'dev'])).code).toBe(0);
        const { report, told } = await way.report(['setup', '--yes', '--stage', 'staging']);
        expect(report.error, told).toBeNull();
        expect(report.checkout).toMatchObject({ passed: true, orderStatus: 'paid' });
        for (const stage of ['dev', 'staging']) {
          expect(await way.tables(stage)).toEqual(ALL);
          expect(await way.rows(stage, 'SELECT id FROM ticket_orders'), 'no test order is left').toEqual([]);
        }
      });

      it('changes nothing when it is run again', async () => {
        const { code, report, told } = await way.report(['setup', '--yes', '--stage', 'dev']);
        expect(report, told).toMatchObject({ outcome: 'unchanged', changes: [], error: null });
        expect(code).toBe(0);
      });
    });

    describe('doctor', () => {
      it('finds both stages healthy', async () => {
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

      it('--fix runs a migration again whose table is gone', async () => {
        await way.rows('dev', 'DROP TABLE cachao_test_orders');
        const { code, report, told } = await way.report(['doctor', '--fix', '--yes', '--stage', 'dev']);
        expect(report.error, told).toBeNull();
        expect(code).toBe(0);
        expect(report.changes.map(({ check }) => check)).toEqual(['database.schema']);
        expect(await way.tables('dev')).toEqual(ALL);
      });
    });

    it('checkout takes away at once what a killed one left, and proves the path', async () => {
      let child: ChildProcess | undefined;
      const killed = way.run(['checkout', '--browser', '--stage', 'dev'], {}, (started) => {
        child = started;
      });
      const orders = () => way.rows('dev', 'SELECT order_id FROM cachao_test_orders');
      await until(async () => (await orders()).length > 0, 'the test order is made');
      child?.kill('SIGKILL');
      expect((await killed).signal).toBe('SIGKILL');
      expect(await orders()).toHaveLength(1);
      const { code, report, told } = await way.report(['checkout', '--stage', 'dev']);
      expect(report.checkout, told).toMatchObject({ passed: true, testOrderRemoved: true });
      expect(code).toBe(0);
      expect(await orders()).toEqual([]);
      expect(await way.rows('dev', 'SELECT id FROM ticket_orders')).toEqual([]);
    });

    it('doctor --fix and replay-dlq bring back what EventBridge could not hand over', async () => {
      const lambda = new LambdaClient(way.cloud.client);
      const { EventFunctionName: FunctionName } = await way.outputs('dev');
      const { Policy = '{}' } = await lambda.send(new GetPolicyCommand({ FunctionName }));
      for (const { Sid } of JSON.parse(Policy).Statement as { Sid: string }[])
        await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
      const sale = await way.sell('dev');
      const list = async () => (await way.report(['replay-dlq', '--list', '--stage', 'dev'])).report;
      await until(
        async () => ((await list()) as unknown as { looked: number }).looked > 0,
        'the event is kept',
      );
      expect((await way.report(['doctor', '--fix', '--yes', '--stage', 'dev'])).report.error).toBeNull();
      const replayed = await way.report(['replay-dlq', '--yes', '--stage', 'dev']);
      expect(replayed.report.error, replayed.told).toBeNull();
      expect(replayed.code).toBe(0);
      const arrivals = await way.rows(
        'dev',
        'SELECT a.via, a.stage FROM stripe_event_arrivals a JOIN stripe_events e USING (event_id) WHERE e.order_id = ?',
        [sale.orderId],
      );
      expect(arrivals.map(({ via, stage }) => `${via} ${stage}`).sort()).toEqual([
        'replay dev',
        'webhook dev',
      ]);
      expect(await way.statusOf(sale)).toBe('paid');
      const traced = await way.report(['trace', sale.orderId, '--stage', 'dev']);
      expect(traced.code, traced.told).toBe(0);
    });

    it('reconcile --apply delivers what no path brought, and ends with 0', async () => {
      const events = new EventBridgeClient(way.cloud.client);
      const stripe = stripeOf(way.cloud);
      const { EventBusName: Name } = await way.outputs('dev');
      const endpoints = (await stripe.webhookEndpoints.list()).data;
      const endpoint = endpoints.find(({ metadata }) => metadata.cachao_stage === 'dev');
      await events.send(new DeactivateEventSourceCommand({ Name }));
      await stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: true });
      const sale = await way.sell('dev');
      await way.pass(15 * MINUTE);
      await events.send(new ActivateEventSourceCommand({ Name }));
      await stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: false });
      expect(await way.statusOf(sale)).toBe('pending');
      const { code, report, told } = await way.report([
        'reconcile',
        '--apply',
        '--since',
        '30m',
        '--stage',
        'dev',
      ]);
      expect(report.error, told).toBeNull();
      expect(await way.statusOf(sale)).toBe('paid');
      expect(code, told).toBe(0);
    });

    it('rotate-secret puts a new secret in the place of the old', async () => {
      const { code, report, told } = await way.report([
        ...['rotate-secret', '--yes', '--grace', '1', '--abandon-retries', '--stage', 'staging'],
      ]);
      expect(report.error, told).toBeNull();
      expect(report.checkout).toMatchObject({ passed: true });
      expect(code).toBe(0);
    });

    it('destroy takes a stage and its ledger away, and nothing of the other stage or of the shop', async () => {
      const all = ['destroy', '--yes', '--allow-deletions', '--delete-data', '--stage'];
      const gone = await way.report([...all, 'dev']);
      expect(gone.report.error, gone.told).toBeNull();
      expect(gone.code).toBe(0);
      expect(await way.tables('dev')).toEqual(OWN_TABLES);
      expect(await way.tables('staging')).toEqual(ALL);
      const left = await way.report([
        'doctor',
        '--only',
        'database,secret,eventbridge',
        '--stage',
        'staging',
      ]);
      expect(left.code, left.told).toBe(0);
      expect((await way.report([...all, 'staging'])).code).toBe(0);
      expect(await way.tables('staging')).toEqual(OWN_TABLES);
    });
  },
);
