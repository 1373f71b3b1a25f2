import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STRIPE_LIVE_KEY, STRIPE_TEST_KEY } from '../../../src/local-cloud/stripe/index.js';
import { type LocalStripe, startLocalStripe } from './support.js';

let local: LocalStripe;
let sdk: Stripe;
beforeEach(async () => {
  local = await startLocalStripe();
  sdk = local.sdk();
});
afterEach(() => local.close());

describe('events', () => {
  it('can be read for thirty days', async () => {
    await sdk.products.create({ name: 'x' });
    const [event] = (await sdk.events.list()).data as [Stripe.Event];
    await local.clock.advance(29 * 86_400_000);
    await sdk.events.retrieve(event.id);
    await local.clock.advance(2 * 86_400_000);
    expect((await sdk.events.list()).data).toEqual([]);
    await expect(sdk.events.retrieve(event.id)).rejects.toMatchObject({ code: 'resource_missing' });
  });

  it('are filtered by type, wildcard and time, and paged in both directions', async () => {
    const start = Math.floor(local.clock.now() / 1000);
    for (let i = 0; i < 5; i++) {
      await sdk.products.create({ name: `p${i}` });
      await local.clock.advance(60_000);
    }
    const product = (await sdk.products.list({ limit: 1 })).data[0]?.id as string;
    await sdk.prices.create({ product, currency: 'eur', unit_amount: 100 });
    const types = async (params: Stripe.EventListParams) =>
      (await sdk.events.list(params)).data.map(({ type }) => type);
    expect(await types({ type: 'pri*' })).toEqual(['price.created']);
    expect(await types({ types: ['price.created', 'product.updated'] })).toEqual(['price.created']);
    expect(await types({ created: { gte: start + 100, lt: start + 200 } })).toHaveLength(2);
    const all = (await sdk.events.list({ limit: 100 })).data.map(({ id }) => id);
    const oldest = all.at(-1) as string;
    const forward: string[] = [];
    for await (const { id } of sdk.events.list({ limit: 2, ending_before: oldest })) forward.push(id);
    expect(forward).toEqual(all.slice(0, -1).reverse());
    const backward: string[] = [];
    for await (const { id } of sdk.events.list({ limit: 2, type: 'product.created' })) backward.push(id);
    expect(backward).toEqual(all.slice(1));
  });

  it('belong to one mode', async () => {
    await sdk.products.create({ name: 'x' });
    expect((await local.sdk(STRIPE_LIVE_KEY).events.list()).data).toEqual([]);
    expect(STRIPE_TEST_KEY).toMatch(/^sk_test_[A-Za-z0-9]{24,}$/);
  });
});
