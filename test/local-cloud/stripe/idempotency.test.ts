import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STRIPE_LIVE_KEY } from '../../../src/local-cloud/stripe/index.js';
import { type LocalStripe, startLocalStripe } from './support.js';

let local: LocalStripe;
let sdk: Stripe;
beforeEach(async () => {
  local = await startLocalStripe();
  sdk = local.sdk();
});
afterEach(() => local.close());

const HOOK: Stripe.WebhookEndpointCreateParams = {
  url: 'https://shop.example/hook',
  enabled_events: ['checkout.session.completed'],
};

describe('the idempotency of v1', () => {
  it('answers the first outcome again for a day, the secret included', async () => {
    const first = await sdk.webhookEndpoints.create(HOOK, { idempotencyKey: 'a' });
    const again = await sdk.webhookEndpoints.create(HOOK, { idempotencyKey: 'a' });
    expect([again.id, again.secret]).toEqual([first.id, first.secret]);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    await local.clock.advance(25 * 3_600_000);
    expect((await sdk.webhookEndpoints.create(HOOK, { idempotencyKey: 'a' })).id).not.toBe(first.id);
  });

  it('refuses the key for other parameters or another endpoint', async () => {
    await sdk.products.create({ name: 'x' }, { idempotencyKey: 'b' });
    await expect(sdk.products.create({ name: 'y' }, { idempotencyKey: 'b' })).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
      statusCode: 400,
      message: expect.stringContaining('same parameters'),
    });
    await expect(sdk.webhookEndpoints.create(HOOK, { idempotencyKey: 'b' })).rejects.toThrow('same endpoint');
  });

  it('keeps failures of the effect, but not of the parameters', async () => {
    const create = (url: string) => sdk.webhookEndpoints.create({ ...HOOK, url }, { idempotencyKey: 'c' });
    await expect(create('')).rejects.toThrow('empty string');
    for (let i = 0; i < 16; i++) await sdk.webhookEndpoints.create(HOOK);
    await expect(create(HOOK.url)).rejects.toThrow('maximum of 16');
    const [one] = (await sdk.webhookEndpoints.list({ limit: 1 })).data;
    await sdk.webhookEndpoints.del(one?.id as string);
    await expect(create(HOOK.url)).rejects.toThrow('maximum of 16');
  });

  it('refuses a second request while the first runs', async () => {
    local.cloud.faults.set([
      { service: 'stripe', operation: 'POST /v1/products', kind: 'latency', milliseconds: 300, times: 1 },
    ]);
    const slow = sdk.products.create({ name: 'x' }, { idempotencyKey: 'd' });
    while (local.cloud.faults.list()[0]?.fired === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(sdk.products.create({ name: 'x' }, { idempotencyKey: 'd' })).rejects.toMatchObject({
      statusCode: 409,
      code: 'idempotency_key_in_use',
    });
    const { id } = await slow;
    expect((await sdk.products.create({ name: 'x' }, { idempotencyKey: 'd' })).id).toBe(id);
  });

  it('keeps the modes apart', async () => {
    const test = await sdk.products.create({ name: 'x' }, { idempotencyKey: 'e' });
    const live = await local.sdk(STRIPE_LIVE_KEY).products.create({ name: 'x' }, { idempotencyKey: 'e' });
    expect(live.id).not.toBe(test.id);
  });
});
