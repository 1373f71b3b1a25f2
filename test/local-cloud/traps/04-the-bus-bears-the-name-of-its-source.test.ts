import { CreateEventBusCommand, DescribeEventSourceCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.js';

let shop: Shop;
let source: string;
beforeEach(async () => {
  shop = await openShop();
  ({ source } = await shop.destination());
  await shop.pass(60_000);
});
afterEach(() => shop.close());

it.each([
  ['without the source', () => ({ Name: source }), "EventBus name starting with 'aws.' is not valid."],
  [
    'under a prettier name',
    () => ({ Name: 'stripe', EventSourceName: source }),
    "must be its event source's",
  ],
  ['as the default bus', () => ({ Name: 'default', EventSourceName: source }), "must be its event source's"],
  [
    'for a source that is not there',
    () => ({ Name: `${source}x`, EventSourceName: `${source}x` }),
    'does not exist',
  ],
])('a bus %s is refused, and the source stays pending', async (_how, input, message) => {
  await expect(shop.events.send(new CreateEventBusCommand(input()))).rejects.toThrow(message);
  expect((await shop.events.send(new DescribeEventSourceCommand({ Name: source }))).State).toBe('PENDING');
});

it('with both names the same it is made, and the source is active', async () => {
  await shop.associate(source);
  expect((await shop.events.send(new DescribeEventSourceCommand({ Name: source }))).State).toBe('ACTIVE');
});
