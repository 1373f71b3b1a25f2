import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStripe, startLocalStripe } from './support.js';

let local: LocalStripe;
let sdk: Stripe;
beforeEach(async () => {
  local = await startLocalStripe();
  sdk = local.sdk();
});
afterEach(() => local.close());

describe('faults', () => {
  const fail = (
    kind: 'throttle' | 'error' | 'error-after' | 'reset' | 'reset-after' | 'deny',
    operation = 'POST /v1/products',
  ) => local.cloud.faults.set([{ service: 'stripe', operation, kind, times: 1 }]);
  const names = async () => (await sdk.products.list()).data.map(({ name }) => name);

  it('throttles with the reason, before any effect', async () => {
    fail('throttle');
    await expect(sdk.products.create({ name: 'x' })).rejects.toMatchObject({
      type: 'StripeRateLimitError',
      statusCode: 429,
      headers: { 'stripe-rate-limited-reason': 'global-rate' },
    });
    expect(await names()).toEqual([]);
  });

  it('fails before the effect, so that the same key then succeeds', async () => {
    fail('error');
    const create = () => sdk.products.create({ name: 'x' }, { idempotencyKey: 'f' });
    await expect(create()).rejects.toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
    await create();
    expect(await names()).toEqual(['x']);
  });

  it.each(['error-after', 'reset-after'] as const)(
    '%s: the effect stands, and the key finds it',
    async (kind) => {
      fail(kind);
      const create = () => sdk.products.create({ name: 'x' }, { idempotencyKey: 'g' });
      if (kind === 'error-after') await expect(create()).rejects.toMatchObject({ statusCode: 500 });
      // The SDK itself tries once more after a reset, with the same key.
      else await create();
      expect(await names()).toEqual(['x']);
      await create();
      expect(await names()).toEqual(['x']);
    },
  );

  it('denies with the permission, on reads by route template too', async () => {
    fail('deny', 'GET /v1/events/{id}');
    await expect(sdk.events.retrieve('evt_none')).rejects.toThrow(/rak_event_read/);
    await expect(sdk.events.retrieve('evt_none')).rejects.toThrow(/No such event/);
  });

  it('throttles v2 as well', async () => {
    fail('throttle', 'GET /v2/core/event_destinations');
    await expect(sdk.v2.core.eventDestinations.list()).rejects.toMatchObject({
      statusCode: 429,
      code: 'rate_limit',
    });
  });
});
