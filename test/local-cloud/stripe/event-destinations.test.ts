import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STRIPE_LIVE_KEY } from '../../../src/local-cloud/stripe/index.js';
import { API_VERSION, type LocalStripe, Merchant, pass, startLocalStripe } from './support.js';

let local: LocalStripe;
let sdk: Stripe;
beforeEach(async () => {
  local = await startLocalStripe();
  sdk = local.sdk();
});
afterEach(() => local.close());

const EVENTBRIDGE: Stripe.V2.Core.EventDestinationCreateParams = {
  name: 'cachao orders',
  description: 'stage test',
  type: 'amazon_eventbridge',
  event_payload: 'snapshot',
  snapshot_api_version: API_VERSION,
  enabled_events: ['checkout.session.completed', 'checkout.session.expired'],
  amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
  metadata: { cachao_stage: 'test' },
};

const listed = async () =>
  (await sdk.v2.core.eventDestinations.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })).map(
    ({ id }) => id,
  );

describe('an EventBridge destination', () => {
  it('makes a partner source with the name that AWS shows, pending at first', async () => {
    const made = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE);
    expect(made).toMatchObject({
      object: 'v2.core.event_destination',
      livemode: false,
      status: 'enabled',
      events_from: ['@self'],
      snapshot_api_version: API_VERSION,
      metadata: { cachao_stage: 'test' },
    });
    expect(made.id).toMatch(/^ed_test_61/);
    const arn = `arn:aws:events:eu-west-1::event-source/aws.partner/stripe.com/${made.id}`;
    expect(made.amazon_eventbridge).toEqual({
      aws_account_id: '123456789012',
      aws_event_source_arn: arn,
      aws_event_source_status: 'pending',
    });
    local.partner.move(arn, 'active');
    const now = await sdk.v2.core.eventDestinations.retrieve(made.id);
    expect(now.amazon_eventbridge?.aws_event_source_status).toBe('active');
    const live = await local.sdk(STRIPE_LIVE_KEY).v2.core.eventDestinations.create(EVENTBRIDGE);
    expect(live.id).toMatch(/^ed_61/);
  });

  it('is retrieved at once but listed only after a while; the same when it is deleted', async () => {
    const { id } = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE);
    expect(await listed()).toEqual([]);
    expect((await sdk.v2.core.eventDestinations.retrieve(id)).id).toBe(id);
    await local.clock.advance(60_000);
    expect(await listed()).toEqual([id]);
    expect(await sdk.v2.core.eventDestinations.del(id)).toMatchObject({ id });
    expect(await listed()).toEqual([id]);
    await expect(sdk.v2.core.eventDestinations.retrieve(id)).rejects.toMatchObject({
      statusCode: 404,
      code: 'not_found',
    });
    await local.clock.advance(60_000);
    expect(await listed()).toEqual([]);
    expect([...local.partner.sources.values()]).toEqual(['deleted']);
  });

  it('is disabled for good when its source has expired', async () => {
    const { id, amazon_eventbridge: aws } = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE);
    local.partner.move(aws?.aws_event_source_arn as string, 'gone');
    expect(await sdk.v2.core.eventDestinations.retrieve(id)).toMatchObject({
      status: 'disabled',
      status_details: { disabled: { reason: 'no_aws_event_source_exists' } },
      amazon_eventbridge: { aws_event_source_status: 'deleted' },
    });
    await expect(sdk.v2.core.eventDestinations.enable(id)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('is disabled and enabled by a person', async () => {
    const { id } = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE);
    expect(await sdk.v2.core.eventDestinations.disable(id)).toMatchObject({
      status: 'disabled',
      status_details: { disabled: { reason: 'user' } },
    });
    expect((await sdk.v2.core.eventDestinations.enable(id)).status).toBe('enabled');
  });

  it('changes what can be changed and refuses what is fixed', async () => {
    const { id } = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE);
    const changed = await sdk.v2.core.eventDestinations.update(id, {
      name: 'renamed',
      enabled_events: ['*'],
      metadata: { cachao_stage: null as unknown as string, other: 'x' },
    });
    expect(changed).toMatchObject({ name: 'renamed', enabled_events: ['*'], metadata: { other: 'x' } });
    for (const fixed of [
      { type: 'webhook_endpoint' },
      { amazon_eventbridge: { aws_region: 'us-east-1' } },
      { event_payload: 'thin' },
    ])
      await expect(sdk.v2.core.eventDestinations.update(id, fixed as object)).rejects.toMatchObject({
        statusCode: 400,
        code: 'invalid_fields',
      });
  });

  it.each<[string, object]>([
    ['account', { amazon_eventbridge: { aws_account_id: '123', aws_region: 'eu-west-1' } }],
    ['region', { amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'moon-1' } }],
    ['event type', { enabled_events: ['checkout.session.complete'] }],
    ['empty list of types', { enabled_events: [] }],
    ['API version', { snapshot_api_version: '2020-01-01' }],
    [
      'API version for thin events',
      { event_payload: 'thin', enabled_events: ['v1.checkout.session.completed'] },
    ],
    ['snapshot type for thin events', { event_payload: 'thin', snapshot_api_version: undefined }],
    ['unknown field', { colour: 'red' }],
    ['webhook for EventBridge', { webhook_endpoint: { url: 'https://x.example' } }],
    ['type that the local cloud has not', { type: 'azure_event_grid' }],
  ])('refuses a wrong %s', async (_, wrong) => {
    const create = sdk.v2.core.eventDestinations.create({ ...EVENTBRIDGE, ...wrong } as typeof EVENTBRIDGE);
    await expect(create).rejects.toMatchObject({ statusCode: 400, code: 'invalid_fields' });
    expect(local.partner.sources.size).toBe(0);
  });

  it('leaves a source in a foreign account out of sight, pending until it expires', async () => {
    const { id } = await sdk.v2.core.eventDestinations.create({
      ...EVENTBRIDGE,
      amazon_eventbridge: { aws_account_id: '999999999999', aws_region: 'eu-west-1' },
    });
    expect(local.partner.sources.size).toBe(0);
    const read = () => sdk.v2.core.eventDestinations.retrieve(id);
    expect((await read()).amazon_eventbridge?.aws_event_source_status).toBe('pending');
    await local.clock.advance(8 * 86_400_000);
    expect((await read()).status).toBe('disabled');
  });

  it('answers a ping with a thin event and sends it to this destination alone', async () => {
    const { id } = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE);
    await sdk.v2.core.eventDestinations.create(EVENTBRIDGE);
    const ping = await sdk.v2.core.eventDestinations.ping(id);
    expect(ping).toMatchObject({ type: 'v2.core.event_destination.ping', related_object: { id } });
    await pass(local, 1000, () => local.partner.put.length > 0);
    expect(local.partner.put.map(({ detail }) => detail.id)).toEqual([ping.id]);
  });
});

describe('the idempotency of v2', () => {
  it('makes one destination for one key and shows it as it is now', async () => {
    const first = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE, { idempotencyKey: 'k1' });
    await sdk.v2.core.eventDestinations.disable(first.id);
    const again = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE, { idempotencyKey: 'k1' });
    expect(again).toMatchObject({ id: first.id, status: 'disabled' });
    expect(local.partner.sources.size).toBe(1);
    await local.clock.advance(31 * 86_400_000);
    const later = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE, { idempotencyKey: 'k1' });
    expect(later.id).not.toBe(first.id);
  });

  it('answers with the dead object after a deletion, which retrieve then shows to be gone', async () => {
    const first = await sdk.v2.core.eventDestinations.create(EVENTBRIDGE, { idempotencyKey: 'k2' });
    await sdk.v2.core.eventDestinations.del(first.id);
    expect((await sdk.v2.core.eventDestinations.create(EVENTBRIDGE, { idempotencyKey: 'k2' })).id).toBe(
      first.id,
    );
    await expect(sdk.v2.core.eventDestinations.retrieve(first.id)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('refuses the key for another body with 409, and runs again what failed', async () => {
    await sdk.v2.core.eventDestinations.create(EVENTBRIDGE, { idempotencyKey: 'k3' });
    const other = { ...EVENTBRIDGE, name: 'other' };
    await expect(sdk.v2.core.eventDestinations.create(other, { idempotencyKey: 'k3' })).rejects.toMatchObject(
      {
        statusCode: 409,
        rawType: 'idempotency_error',
        headers: { 'stripe-should-retry': 'false' },
      },
    );
    await expect(
      sdk.v2.core.eventDestinations.enable('ed_test_none', {}, { idempotencyKey: 'k4' }),
    ).rejects.toThrow();
    const { id } = await sdk.v2.core.eventDestinations.create(
      { ...EVENTBRIDGE, name: 'n' },
      { idempotencyKey: 'k4' },
    );
    expect(id).toMatch(/^ed_test_/);
  });
});

describe('webhook destinations and mirrored endpoints', () => {
  it('shows the signing secret only in the create that includes it', async () => {
    const merchant = await new Merchant().open();
    const params: Stripe.V2.Core.EventDestinationCreateParams = {
      name: 'hook',
      type: 'webhook_endpoint',
      event_payload: 'snapshot',
      enabled_events: ['product.created'],
      webhook_endpoint: { url: merchant.url },
    };
    const blind = await sdk.v2.core.eventDestinations.create(params);
    expect(blind.webhook_endpoint).toEqual({ signing_secret: null, url: null });
    const made = await sdk.v2.core.eventDestinations.create({
      ...params,
      include: ['webhook_endpoint.signing_secret', 'webhook_endpoint.url'],
    });
    const secret = made.webhook_endpoint?.signing_secret as string;
    expect(secret).toMatch(/^whsec_/);
    const read = await sdk.v2.core.eventDestinations.retrieve(made.id, { include: ['webhook_endpoint.url'] });
    expect(read.webhook_endpoint).toEqual({ signing_secret: null, url: merchant.url });
    await sdk.v2.core.eventDestinations.del(blind.id);
    await sdk.products.create({ name: 'x' });
    await pass(local, 1000, () => merchant.received.length > 0);
    const { body, signature } = merchant.received[0] as { body: string; signature: string };
    expect(Stripe.webhooks.constructEvent(body, signature, secret).type).toBe('product.created');
    merchant.close();
  });

  it('lists v1 endpoints under their own ids and lets them be changed', async () => {
    const endpoint = await sdk.webhookEndpoints.create({
      url: 'https://a.example/hook',
      enabled_events: ['*'],
    });
    expect(await listed()).toEqual([endpoint.id]);
    expect(await sdk.v2.core.eventDestinations.retrieve(endpoint.id)).toMatchObject({
      type: 'webhook_endpoint',
    });
    await sdk.v2.core.eventDestinations.disable(endpoint.id);
    expect((await sdk.webhookEndpoints.retrieve(endpoint.id)).status).toBe('disabled');
    await sdk.v2.core.eventDestinations.del(endpoint.id);
    await expect(sdk.webhookEndpoints.retrieve(endpoint.id)).rejects.toThrow(/No such webhook endpoint/);
  });

  it('pages by next_page_url, whose filters cannot change', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.unshift((await sdk.v2.core.eventDestinations.create(EVENTBRIDGE)).id);
    await local.clock.advance(60_000);
    const pages: string[] = [];
    for await (const { id } of sdk.v2.core.eventDestinations.list({ limit: 3 })) pages.push(id);
    expect([...pages].sort()).toEqual([...ids].sort());
    const first = await sdk.v2.core.eventDestinations.list({ limit: 3 });
    expect(first.data).toHaveLength(3);
    const next = first.next_page_url as string;
    expect(next).toMatch(/^\/v2\/core\/event_destinations\?page=/);
    const headers = { 'stripe-version': API_VERSION };
    const changed = await local.request('GET', next.replace('limit=3', 'limit=4'), undefined, headers);
    expect(changed.status).toBe(400);
    const second = (await (await local.request('GET', next, undefined, headers)).json()) as {
      previous_page_url: string;
    };
    expect(second.previous_page_url).toMatch(/^\/v2\//);
  });

  it('wants a version on every v2 request', async () => {
    const answer = await local.request('GET', '/v2/core/event_destinations');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_fields' } });
  });
});
