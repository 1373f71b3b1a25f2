import { afterEach, beforeEach, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.js';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const listed = async () => (await shop.stripe.v2.core.eventDestinations.list()).data.map(({ id }) => id);

it('a destination made a moment ago can be retrieved, but is not listed yet', async () => {
  const { id } = await shop.destination();
  expect((await shop.stripe.v2.core.eventDestinations.retrieve(id)).id).toBe(id);
  expect(await listed()).toEqual([]);
  await shop.pass(60_000);
  expect(await listed()).toEqual([id]);
});

it('a destination deleted a moment ago is still listed, but cannot be retrieved', async () => {
  const { id } = await shop.destination();
  await shop.pass(60_000);
  await shop.stripe.v2.core.eventDestinations.del(id);
  await expect(shop.stripe.v2.core.eventDestinations.retrieve(id)).rejects.toMatchObject({ statusCode: 404 });
  expect(await listed()).toEqual([id]);
  await shop.pass(60_000);
  expect(await listed()).toEqual([]);
});
