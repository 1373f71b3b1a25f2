import {
  CreateEventBusCommand,
  EventBridgeClient,
  ListEventSourcesCommand,
} from '@aws-sdk/client-eventbridge';
import Stripe from 'stripe';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Happening } from '../../../src/local-cloud/kernel/cloud.js';
import { STRIPE_TEST_KEY } from '../../../src/local-cloud/stripe/index.js';
import { startTestCloud, type TestCloud } from '../../support/local-cloud.js';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud({ clock: 'manual' });
});
afterEach(() => cloud.close());

it('goes through the partner source of the local EventBridge: dropped while pending, onto the bus afterwards', async () => {
  const { hostname: host, port } = new URL(cloud.stripe);
  const sdk = new Stripe(STRIPE_TEST_KEY, { host, port: Number(port), protocol: 'http', telemetry: false });
  const events = new EventBridgeClient(cloud.client);
  const told: string[] = [];
  cloud.cloud.happenings.on('happening', ({ source, text }: Happening) => told.push(`${source}: ${text}`));
  const status = async (id: string) =>
    (await sdk.v2.core.eventDestinations.retrieve(id)).amazon_eventbridge?.aws_event_source_status;
  const sources = async () => (await events.send(new ListEventSourcesCommand({}))).EventSources ?? [];

  const { id } = await sdk.v2.core.eventDestinations.create({
    name: 'orders',
    type: 'amazon_eventbridge',
    event_payload: 'snapshot',
    enabled_events: ['product.created'],
    amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
  });
  const name = `aws.partner/stripe.com/${id}`;
  expect(await sources()).toEqual([]);
  await cloud.cloud.clock.advance(60_000);
  expect(await sources()).toMatchObject([{ Name: name, State: 'PENDING' }]);
  expect(await status(id)).toBe('pending');
  await sdk.products.create({ name: 'too early' });
  await cloud.cloud.clock.advance(1000);
  expect(told.filter((line) => line.startsWith('events:') && line.includes('dropped'))).toHaveLength(1);

  await events.send(new CreateEventBusCommand({ Name: name, EventSourceName: name }));
  expect(await status(id)).toBe('active');
  await sdk.products.create({ name: 'in time' });
  await cloud.cloud.clock.advance(1000);
  expect(told.filter((line) => line.includes('dropped'))).toHaveLength(1);
  expect(told.filter((line) => line.includes(`delivered to ${id}`))).toHaveLength(2);
  expect((await sdk.events.list({ delivery_success: false })).data).toEqual([]);

  await sdk.v2.core.eventDestinations.del(id);
  expect(await sources()).toMatchObject([{ Name: name, State: 'DELETED' }]);
});

it('is disabled when nobody makes the bus in time', async () => {
  const { hostname: host, port } = new URL(cloud.stripe);
  const sdk = new Stripe(STRIPE_TEST_KEY, { host, port: Number(port), protocol: 'http', telemetry: false });
  const { id } = await sdk.v2.core.eventDestinations.create({
    name: 'orders',
    type: 'amazon_eventbridge',
    event_payload: 'snapshot',
    enabled_events: ['*'],
    amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
  });
  await cloud.cloud.clock.advance(15 * 86_400_000);
  expect((await sdk.v2.core.eventDestinations.retrieve(id)).status_details?.disabled?.reason).toBe(
    'no_aws_event_source_exists',
  );
});
