import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUR, openShop, type Shop } from './shop.js';

let shop: Shop;
let source: string;
let Arn: string;
beforeEach(async () => {
  shop = await openShop();
  ({ source } = await shop.destination());
  await shop.pass(60_000);
  await shop.associate(source);
  Arn = await shop.queue('arrived');
});
afterEach(() => shop.close());

const arrived = async () => {
  await shop.sell();
  await shop.pass(48 * HOUR);
  return (await shop.messages('arrived')).map(({ Body }) => JSON.parse(Body ?? '') as { source: string });
};

it.each([
  ['the default bus', () => 'default', () => source],
  ['the source stripe.com', () => source, () => 'stripe.com'],
  ["the source without the destination's id", () => source, () => 'aws.partner/stripe.com'],
])('a rule on %s is accepted and matches nothing', async (_what, bus, pattern) => {
  await shop.rule(bus(), pattern(), [{ Id: 'queue', Arn }]);
  expect(await arrived()).toEqual([]);
});

it('a rule on the partner bus for the full name of the source matches', async () => {
  await shop.rule(source, source, [{ Id: 'queue', Arn }]);
  expect(await arrived()).toMatchObject([{ source }]);
});
