import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/local-cloud/kernel/faults.js';
import { startTestCloud, type TestCloud } from '../../support/local-cloud.js';
import { ORDER } from './support.js';

/** stripe-node as it comes: two retries of its own, idempotency keys of its own, paging of its own. */
let cloud: TestCloud;
let stripe: Stripe;
beforeEach(async () => {
  cloud = await startTestCloud({ clock: 'manual' });
  const { hostname: host, port } = new URL(cloud.stripe);
  stripe = new Stripe(cloud.environment.STRIPE_API_KEY as string, { host, port, protocol: 'http' });
});
afterEach(() => cloud.close());

const fail = (fault: Pick<Fault, 'kind' | 'times'>, operation = 'POST /v1/checkout/sessions') =>
  cloud.cloud.faults.set([{ service: 'stripe', operation, ...fault }]);
const made = () => cloud.cloud.faults.list()[0]?.seen;
const sessions = async () => (await stripe.checkout.sessions.list({ limit: 100 })).data.map(({ id }) => id);

describe('stripe-node retries by itself', () => {
  it.each(['error-after', 'reset-after'] as const)(
    'what had its effect and was not answered (%s): done once, and answered as the first time',
    async (kind) => {
      fail({ kind, times: 1 });
      const session = await stripe.checkout.sessions.create(ORDER);
      expect(made()).toBe(2);
      expect(await sessions()).toEqual([session.id]);
    },
  );

  it('what failed before it had an effect', async () => {
    fail({ kind: 'reset', times: 2 });
    const session = await stripe.checkout.sessions.create(ORDER);
    expect(made()).toBe(3);
    expect(await sessions()).toEqual([session.id]);
  });

  it('not what is throttled: that is the caller’s to wait for', async () => {
    fail({ kind: 'throttle', times: 1 });
    await expect(stripe.checkout.sessions.create(ORDER)).rejects.toMatchObject({
      type: 'StripeRateLimitError',
      headers: { 'stripe-rate-limited-reason': expect.any(String) },
    });
    expect(made()).toBe(1);
  });
});

describe('stripe-node pages by itself', () => {
  it('through v1 lists, from the newest back and from one on', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.push((await stripe.products.create({ name: `Evening ${n}` })).id);
    const seen: string[] = [];
    for await (const { id } of stripe.products.list({ limit: 3 })) seen.push(id);
    expect(seen).toEqual([...ids].reverse());
    const later = await stripe.products
      .list({ limit: 2, ending_before: ids[2] as string })
      .autoPagingToArray({ limit: 100 });
    expect(later.map(({ id }) => id)).toEqual(ids.slice(3));
  });

  it('through v2 lists, by the address of the next page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { id } = await stripe.v2.core.eventDestinations.create({
        name: `hook ${n}`,
        type: 'webhook_endpoint',
        event_payload: 'snapshot',
        enabled_events: ['product.created'],
        webhook_endpoint: { url: `https://shop.example/${n}` },
      });
      ids.push(id);
    }
    await cloud.cloud.clock.advance(60_000);
    const seen: string[] = [];
    for await (const { id } of stripe.v2.core.eventDestinations.list({ limit: 2 })) seen.push(id);
    expect([...seen].sort()).toEqual([...ids].sort());
  });
});

describe('the idempotency keys that stripe-node makes and takes', () => {
  it('a key of the caller’s: the same request answers the same object, another one is refused', async () => {
    const key = { idempotencyKey: 'order-42' };
    const first = await stripe.checkout.sessions.create(ORDER, key);
    const again = await stripe.checkout.sessions.create(ORDER, key);
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    await expect(
      stripe.checkout.sessions.create({ ...ORDER, client_reference_id: 'order_43' }, key),
    ).rejects.toMatchObject({ type: 'StripeIdempotencyError' });
    expect(await sessions()).toEqual([first.id]);
  });
});
