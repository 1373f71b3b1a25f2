import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STRIPE_TEST_KEY } from '../../../src/local-cloud/stripe/index.js';
import { removeDirectory } from '../../support/directories.js';
import { type LocalStripe, startLocalStripe } from './support.js';

const CLI = fileURLToPath(new URL('../../../node_modules/.bin/stripe', import.meta.url));
const run = promisify(execFile);

let local: LocalStripe;
let home: string;
beforeAll(async () => {
  local = await startLocalStripe();
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'stripe-cli-'));
});
afterAll(async () => {
  await local.close();
  await removeDirectory(home);
});

/** The real Stripe CLI, with nothing of this machine's and no network but loopback. */
async function stripe(...args: string[]): Promise<string> {
  const { stdout } = await run(CLI, [...args, '--api-base', local.url], {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_CONFIG_HOME: home,
      STRIPE_API_KEY: STRIPE_TEST_KEY,
      STRIPE_CLI_TELEMETRY_OPTOUT: '1',
      // The version check goes to a port where nobody listens, and gives up at once.
      HTTPS_PROXY: 'http://127.0.0.1:9',
    },
  });
  return stdout;
}

const sessions = async () => (await local.sdk().checkout.sessions.list({ limit: 100 })).data;

describe('the Stripe CLI against the local Stripe', () => {
  it('triggers a paid checkout session', async () => {
    await stripe('trigger', 'checkout.session.completed', '--add', 'checkout_session:metadata.order_id=77');
    expect((await sessions())[0]).toMatchObject({
      amount_total: 3000,
      metadata: { order_id: '77' },
      payment_status: 'paid',
      status: 'complete',
    });
  });

  it.each(['checkout.session.async_payment_succeeded', 'checkout.session.async_payment_failed'])(
    'triggers %s',
    async (type) => {
      await stripe('trigger', type);
      expect((await sessions())[0]).toMatchObject({ payment_status: 'unpaid', status: 'complete' });
      await local.clock.advance(10 * 60_000);
      expect((await local.sdk().events.list({ type })).data).toHaveLength(1);
    },
  );

  it('triggers an expired session', async () => {
    await stripe('trigger', 'checkout.session.expired');
    expect((await sessions())[0]?.status).toBe('expired');
  });

  it('triggers a payment intent that succeeds', async () => {
    await stripe('trigger', 'payment_intent.succeeded');
    const [newest] = (await local.sdk().paymentIntents.list()).data;
    expect(newest).toMatchObject({ status: 'succeeded', amount_received: 2000 });
  });

  it('lists and reads events', async () => {
    const list = JSON.parse(await stripe('events', 'list', '--limit', '1')) as { data: { id: string }[] };
    const event = JSON.parse(await stripe('events', 'retrieve', list.data[0]?.id as string)) as {
      object: string;
    };
    expect(event.object).toBe('event');
  });

  it('creates, lists and deletes an EventBridge destination', async () => {
    const made = JSON.parse(
      await stripe(
        ...[
          'v2',
          'core',
          'event_destinations',
          'create',
          '--name',
          'from-cli',
          '--type',
          'amazon_eventbridge',
        ],
        ...['--event-payload', 'snapshot', '--enabled-events', 'checkout.session.completed'],
        ...[
          '--amazon-eventbridge.aws-account-id',
          '123456789012',
          '--amazon-eventbridge.aws-region',
          'eu-west-1',
        ],
      ),
    ) as { id: string; amazon_eventbridge: { aws_event_source_status: string } };
    expect(made.amazon_eventbridge.aws_event_source_status).toBe('pending');
    await local.clock.advance(60_000);
    expect(await stripe('v2', 'core', 'event_destinations', 'list')).toContain(made.id);
    expect(await stripe('v2', 'core', 'event_destinations', 'delete', made.id, '--confirm')).toContain(
      made.id,
    );
    expect(await stripe('v2', 'core', 'event_destinations', 'retrieve', made.id)).toContain('not_found');
  });
});
