import { DescribeEventSourceCommand, ListEventSourcesCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUR, openShop, type Shop } from './shop.js';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const sources = async () => (await shop.events.send(new ListEventSourcesCommand({}))).EventSources ?? [];

it('a new destination makes its source appear after a while, PENDING, with a date on which it dies', async () => {
  const { source } = await shop.destination();
  expect(await sources()).toEqual([]);
  await shop.pass(60_000);
  expect(await sources()).toMatchObject([{ Name: source, State: 'PENDING' }]);
  const { ExpirationTime } = await shop.events.send(new DescribeEventSourceCommand({ Name: source }));
  expect(Number(ExpirationTime)).toBeGreaterThan(shop.cloud.cloud.clock.now());
});

it('an expired source is gone, its destination is disabled, and only a new one, with another name, helps', async () => {
  const lost = await shop.destination();
  await shop.pass(15 * 24 * HOUR);
  expect(await sources()).toEqual([]);
  const destination = await shop.stripe.v2.core.eventDestinations.retrieve(lost.id);
  expect(destination.status).toBe('disabled');
  expect(destination.status_details?.disabled?.reason).toBe('no_aws_event_source_exists');

  const next = await shop.destination();
  await shop.pass(60_000);
  expect(next.source).not.toBe(lost.source);
  expect(await sources()).toMatchObject([{ Name: next.source, State: 'PENDING' }]);
});
