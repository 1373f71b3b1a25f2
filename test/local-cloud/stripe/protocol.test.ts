import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  STRIPE_ACCOUNT_ID,
  STRIPE_LIVE_KEY,
  STRIPE_TEST_KEY,
} from '../../../src/local-cloud/stripe/index.js';
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

describe('refusals', () => {
  it.each([
    [
      'GET',
      '/v1/nothing',
      undefined,
      404,
      { message: expect.stringMatching(/^Unrecognized request URL \(GET: \/v1\/nothing\)/) },
    ],
    ['GET', '/v1/events/', undefined, 404, { message: expect.stringContaining('Unrecognized request URL') }],
    [
      'GET',
      '/v1/events/evt_none',
      undefined,
      404,
      { code: 'resource_missing', param: 'id', message: "No such event: 'evt_none'" },
    ],
    [
      'GET',
      '/v1/events?limit=101',
      undefined,
      400,
      { param: 'limit', message: expect.stringContaining('less than or equal to 100') },
    ],
    [
      'GET',
      '/v1/events?limit=ten',
      undefined,
      400,
      { code: 'parameter_invalid_integer', message: 'Invalid integer: ten' },
    ],
    [
      'GET',
      '/v1/events?colour=red',
      undefined,
      400,
      { code: 'parameter_unknown', message: 'Received unknown parameter: colour' },
    ],
    [
      'GET',
      '/v1/events?type=a&types[]=b',
      undefined,
      400,
      { message: expect.stringContaining('type, types') },
    ],
    ['GET', '/v1/events?starting_after=evt_none', undefined, 404, { param: 'starting_after' }],
    [
      'POST',
      '/v1/webhook_endpoints',
      '',
      400,
      { code: 'parameter_missing', param: 'url', message: 'Missing required param: url.' },
    ],
    ['POST', '/v1/webhook_endpoints', 'url=', 400, { code: 'parameter_invalid_empty', param: 'url' }],
    [
      'POST',
      '/v1/webhook_endpoints',
      'url=shop.example&enabled_events[]=*',
      400,
      { code: 'url_invalid', param: 'url' },
    ],
    [
      'POST',
      '/v1/webhook_endpoints',
      'url=https://a.example&enabled_events[0]=checkout.done',
      400,
      { param: 'enabled_events[0]' },
    ],
    [
      'POST',
      '/v1/webhook_endpoints',
      'url=https://a.example&enabled_events=*',
      400,
      { param: 'enabled_events', message: 'Invalid array' },
    ],
    [
      'POST',
      '/v1/products',
      'name=x&metadata[k]=v&colour=red&size=1',
      400,
      { message: 'Received unknown parameters: colour, size' },
    ],
    [
      'POST',
      '/v1/products',
      'name=x&active=maybe',
      400,
      { param: 'active', message: 'Invalid boolean: maybe' },
    ],
    ['POST', '/v1/products', 'name=%E0%A4%A', 400, { message: expect.stringContaining('percent-encoding') }],
    ['POST', '/v1/products', 'name=x&name[a]=y', 400, { param: 'name' }],
  ])('%s %s %s', async (method, path, body, status, error) => {
    const answer = await local.request(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
    expect(await errorOf(answer)).toMatchObject(error);
  });

  it('wants a form on v1, and a version that exists', async () => {
    const json = await local.request('POST', '/v1/products', '{}', { 'content-type': 'application/json' });
    expect((await errorOf(json)).message).toContain(
      'check that your POST content type is application/x-www-form-urlencoded',
    );
    const version = await local.request('GET', '/v1/balance', undefined, { 'stripe-version': '1999-01-01' });
    expect((await errorOf(version)).message).toBe('Invalid Stripe API version: 1999-01-01');
  });

  it('acts for its own account only', async () => {
    const own = await local.request('GET', '/v1/balance', undefined, { 'stripe-account': STRIPE_ACCOUNT_ID });
    expect(own.status).toBe(200);
    for (const header of ['stripe-account', 'stripe-context']) {
      const other = await local.request('GET', '/v1/balance', undefined, { [header]: 'acct_1Somebody' });
      expect([other.status, (await errorOf(other)).code]).toEqual([403, 'account_invalid']);
    }
  });

  it('echoes the version, and the account default when none is sent', async () => {
    const versionOf = async (headers: Record<string, string>) =>
      (await local.request('GET', '/v1/balance', undefined, headers)).headers.get('stripe-version');
    expect(await versionOf({ 'stripe-version': '2026-10-28.endive' })).toBe('2026-10-28.endive');
    expect(await versionOf({})).toBe('2026-08-26.dahlia');
  });
});

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
