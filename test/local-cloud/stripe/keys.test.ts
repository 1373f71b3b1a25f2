import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STRIPE_ACCOUNT_ID, STRIPE_LIVE_KEY } from '../../../src/local-cloud/stripe/index.js';
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

const errorOf = async (answer: Response) =>
  ((await answer.json()) as { error: Record<string, string> }).error;

describe('keys', () => {
  it('tells the account and the mode', async () => {
    expect((await sdk.accounts.retrieveCurrent()).id).toBe(STRIPE_ACCOUNT_ID);
    expect((await sdk.balance.retrieve()).livemode).toBe(false);
    expect((await local.sdk(STRIPE_LIVE_KEY).balance.retrieve()).livemode).toBe(true);
  });

  it('refuses unknown, absent and expired keys without showing them', async () => {
    const unknown = `sk_test_${'unknownkey'.repeat(3)}zzzz`;
    const refused = await local
      .sdk(unknown)
      .balance.retrieve()
      .catch((error: Error) => error);
    expect(refused).toMatchObject({ type: 'StripeAuthenticationError', statusCode: 401 });
    expect((refused as Error).message).toMatch(/^Invalid API Key provided: sk_test_\*+zzzz$/);
    const absent = await fetch(`${local.url}/v1/balance`);
    expect([absent.status, (await errorOf(absent)).message]).toEqual([
      401,
      expect.stringMatching(/^You did not provide an API key/),
    ]);
    const old = `sk_test_${'expired'.repeat(4)}`;
    await local.admin('stripe/keys', { key: old, expiresAt: local.clock.now() - 1 });
    await expect(local.sdk(old).balance.retrieve()).rejects.toMatchObject({
      statusCode: 401,
      code: 'api_key_expired',
    });
  });

  it('names the permission that a restricted key lacks, before anything else; write implies read', async () => {
    const key = `rk_test_${'restricted'.repeat(3)}`;
    await local.admin('stripe/keys', { key, permissions: ['rak_webhook_write', 'rak_event_read'] });
    const restricted = local.sdk(key);
    await restricted.webhookEndpoints.create(HOOK);
    await restricted.webhookEndpoints.list();
    await restricted.events.list();
    await expect(restricted.checkout.sessions.expire('cs_test_none')).rejects.toMatchObject({
      type: 'StripePermissionError',
      statusCode: 403,
      message: expect.stringContaining(
        "Having the 'rak_checkout_session_write' permission would allow this request to continue.",
      ),
    });
    await expect(restricted.v2.core.eventDestinations.list()).rejects.toThrow(/rak_event_destination_read/);
  });

  it('keeps no registered key in its state', async () => {
    const key = `rk_live_${'visible'.repeat(4)}`;
    await local.admin('stripe/keys', { key, permissions: [] });
    expect(JSON.stringify(local.cloud.store.table('stripe.keys').entries())).not.toContain(key);
    const wrong = await local.admin('stripe/keys', { key: 'nonsense-secret' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).not.toContain('nonsense-secret');
  });
});
