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

describe('webhook endpoints', () => {
  it('shows the secret once, and keeps it sealed', async () => {
    const made = await sdk.webhookEndpoints.create({ ...HOOK, metadata: { a: '1', b: '2' } });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9]{32}$/);
    expect(await sdk.webhookEndpoints.retrieve(made.id)).not.toHaveProperty('secret');
    const updated = await sdk.webhookEndpoints.update(made.id, {
      metadata: { a: '' },
      description: 'x',
      enabled_events: ['*'],
    });
    expect(updated).toMatchObject({ metadata: { b: '2' }, description: 'x', enabled_events: ['*'] });
    expect(updated).not.toHaveProperty('secret');
    for (const table of ['stripe.webhook_endpoints', 'stripe.idempotency'])
      expect(JSON.stringify(local.cloud.store.table(table).entries())).not.toContain(made.secret);
  });

  it('allows sixteen per mode, and only https in live mode', async () => {
    for (let i = 0; i < 16; i++) await sdk.webhookEndpoints.create(HOOK);
    await expect(sdk.webhookEndpoints.create(HOOK)).rejects.toThrow('maximum of 16 test webhook endpoints');
    const live = local.sdk(STRIPE_LIVE_KEY);
    await live.webhookEndpoints.create(HOOK);
    await expect(live.webhookEndpoints.create({ ...HOOK, url: 'http://shop.example' })).rejects.toMatchObject(
      { code: 'url_invalid' },
    );
    expect(await sdk.webhookEndpoints.list({ limit: 5 }).autoPagingToArray({ limit: 100 })).toHaveLength(16);
  });

  it('does not change the version of an endpoint', async () => {
    const { id } = await sdk.webhookEndpoints.create(HOOK);
    const change = { api_version: '2026-10-28.endive' } as Stripe.WebhookEndpointUpdateParams;
    await expect(sdk.webhookEndpoints.update(id, change)).rejects.toThrow(
      'Received unknown parameter: api_version',
    );
  });
});
