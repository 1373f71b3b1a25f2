import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METADATA } from '../../handlers/contract/environment.js';
import { Traffic } from '../load/payments.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';

const STRIPE = fileURLToPath(new URL('../../node_modules/.bin/stripe', import.meta.url));
const PAYMENTS = 300;

/** A stage that setup made, and traffic that nobody of us makes up: the Stripe CLI's, and payments by the hundred. */
describe('a stage that is set up', () => {
  const directory = workingDirectory();
  let cloud: TestCloud;
  let traffic: Traffic;
  beforeAll(async () => {
    cloud = await startTestCloud();
    const { code, stdout, stderr } = await cachao(['setup', '--yes', '--json'], {
      cwd: directory.path,
      environment: environmentFor(cloud),
    });
    expect(code, stdout + stderr).toBe(0);
    traffic = await Traffic.open(cloud.environment, 'dev');
  });
  afterAll(async () => {
    await traffic.close();
    await cloud.close();
    await directory.remove();
  });

  /** The real Stripe CLI, with nothing of this machine's and no network but loopback. */
  async function trigger(event: string, ...more: string[]): Promise<void> {
    await promisify(execFile)(STRIPE, ['trigger', event, '--api-base', cloud.stripe, ...more], {
      env: {
        PATH: process.env.PATH,
        HOME: directory.path,
        XDG_CONFIG_HOME: directory.path,
        STRIPE_API_KEY: cloud.environment.STRIPE_API_KEY,
        STRIPE_CLI_TELEMETRY_OPTOUT: '1',
        // The version check goes to a port where nobody listens, and gives up at once.
        HTTPS_PROXY: 'http://127.0.0.1:9',
      },
    });
  }

  it('takes `stripe trigger checkout.session.completed` for what it says: the handler pays the order, once', async () => {
    const before = await traffic.tally();
    // What the CLI's own fixture costs.
    const [order] = await traffic.order(1, '30.00');
    await trigger(
      'checkout.session.completed',
      ...['--override', 'price:currency=eur'],
      ...['--add', `checkout_session:metadata.${METADATA.orderId}=${order}`],
      ...['--add', `checkout_session:metadata.${METADATA.stage}=dev`],
    );
    await traffic.allArrived(before.events + 1);
    const [rows] = await traffic.database.query<RowDataPacket[]>(
      'SELECT event_type, outcome FROM stripe_events WHERE order_id = ?',
      [String(order)],
    );
    expect(rows).toEqual([{ event_type: 'checkout.session.completed', outcome: 'paid' }]);
    const after = await traffic.tally();
    expect(after['paid orders'] - before['paid orders']).toBe(1);
    expect(after['tickets sold'] - before['tickets sold']).toBe(1);
  });

  it('takes a bare `stripe trigger checkout.session.completed` too: no order of ours, so the handler refuses it', async () => {
    await trigger('checkout.session.completed');
    const logs = new CloudWatchLogsClient(cloud.client);
    const { logGroups } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePattern: 'stripe-event' }),
    );
    const logGroupName = logGroups?.[0]?.logGroupName;
    for (;;) {
      const { events = [] } = await logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern: 'MISSING_ORDER_ID' }),
      );
      // Once, and the two tries more that Lambda makes.
      const refused = events.filter(({ message }) => message?.includes('"stripe-event"'));
      if (refused.length === 3) break;
      await sleep(100);
    }
  });

  it(`loses none of ${PAYMENTS} payments and counts none twice, though two paths deliver each`, async () => {
    const before = await traffic.tally();
    const orders = await traffic.order(PAYMENTS);
    await traffic.pay(orders, 8, async () => {});
    await traffic.allArrived(before.events + PAYMENTS);
    const after = await traffic.tally();
    // The webhook's stage throttles: Stripe brings many a second time that way, not all.
    expect(after.arrivals - before.arrivals).toBeGreaterThan(PAYMENTS);
    for (const name of ['events', 'paid events', 'paid orders', 'tickets sold'] as const)
      expect(after[name] - before[name], name).toBe(PAYMENTS);
  });
});
