import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  API_VERSION,
  type LocalStripe,
  Merchant,
  ORDER,
  pass,
  payHeadless,
  startLocalStripe,
} from './support.js';

const HOUR = 3_600_000;
let local: LocalStripe;
let sdk: Stripe;
let merchant: Merchant;
beforeEach(async () => {
  local = await startLocalStripe();
  sdk = local.sdk();
  merchant = await new Merchant().open();
});
afterEach(async () => {
  merchant.close();
  await local.close();
});

async function pay(): Promise<string> {
  const session = await sdk.checkout.sessions.create(ORDER);
  await payHeadless(sdk, session);
  return session.id;
}

function endpoint(types: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = ['checkout.session.completed']) {
  return sdk.webhookEndpoints.create({ url: merchant.url, enabled_events: types, api_version: API_VERSION });
}

const deliveries = () =>
  local.cloud.store.table<{ attempts: number; copies: number }>('stripe.deliveries').values();
const failed = (times: number) => () => deliveries().every(({ attempts }) => attempts === times);
const idle = () => deliveries().length === 0;

describe('delivery to a webhook endpoint', () => {
  it('posts the event once, signed so that the SDK accepts it', async () => {
    const { secret } = await endpoint();
    const session = await pay();
    await pass(local, 1000, idle);
    expect(merchant.received).toHaveLength(1);
    const [{ body, signature }] = merchant.received as [{ body: string; signature: string }];
    const event = Stripe.webhooks.constructEvent(body, signature, secret as string);
    expect(event).toMatchObject({
      type: 'checkout.session.completed',
      api_version: API_VERSION,
      pending_webhooks: 1,
    });
    expect((event.data.object as { id: string }).id).toBe(session);
    expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64},v0=/);
    expect(() => Stripe.webhooks.constructEvent(`${body} `, signature, secret as string)).toThrow();
    expect((await sdk.events.retrieve(event.id)).pending_webhooks).toBe(0);
  });

  it('sends every type to *, and nothing to an endpoint that is disabled or deleted', async () => {
    const all = await endpoint(['*']);
    await sdk.products.create({ name: 'x' });
    await pass(local, 1000, idle);
    expect(merchant.types()).toEqual(['product.created']);
    await sdk.webhookEndpoints.update(all.id, { disabled: true });
    await sdk.products.create({ name: 'y' });
    await sdk.webhookEndpoints.update(all.id, { disabled: false });
    await sdk.products.create({ name: 'z' });
    await sdk.webhookEndpoints.del(all.id);
    await pass(local, 1000, idle);
    expect(merchant.types()).toEqual(['product.created']);
  });

  it.each([500, 302])(
    'tries three times when answered %i, with a fresh signature, and counts the event as undelivered',
    async (status) => {
      const { secret } = await endpoint();
      merchant.status = status;
      await pay();
      await pass(local, 1000, failed(1));
      await pass(local, HOUR, failed(2));
      const undelivered = await sdk.events.list({ delivery_success: false });
      expect(undelivered.data.map(({ type, pending_webhooks }) => [type, pending_webhooks])).toEqual([
        ['checkout.session.completed', 1],
      ]);
      await pass(local, 3 * HOUR, idle);
      await local.clock.advance(100 * HOUR);
      expect(merchant.received).toHaveLength(3);
      expect(new Set(merchant.received.map(({ signature }) => signature)).size).toBe(3);
      const last = merchant.received[2] as { body: string; signature: string };
      expect(() =>
        Stripe.webhooks.constructEvent(last.body, last.signature, secret as string, 0),
      ).not.toThrow();
      expect((await sdk.events.list({ delivery_success: false })).data).toHaveLength(1);
    },
  );

  it('stops trying once it succeeds', async () => {
    await endpoint();
    merchant.status = 503;
    await pay();
    await pass(local, 1000, failed(1));
    merchant.status = 204;
    await pass(local, HOUR, idle);
    expect(merchant.received).toHaveLength(2);
    expect((await sdk.events.list({ delivery_success: false })).data).toEqual([]);
  });

  it('resends by hand, but only to an endpoint that was subscribed then', async () => {
    const first = await endpoint();
    await pay();
    await pass(local, 1000, idle);
    const [event] = (await sdk.events.list({ type: 'checkout.session.*' })).data as [Stripe.Event];
    await sdk.rawRequest('POST', `/v1/events/${event.id}/retry`, { webhook_endpoint: first.id });
    await pass(local, 1000, idle);
    expect(merchant.types()).toEqual(['checkout.session.completed', 'checkout.session.completed']);
    const late = await endpoint();
    await expect(
      sdk.rawRequest('POST', `/v1/events/${event.id}/retry`, { webhook_endpoint: late.id }),
    ).rejects.toThrow(/was not subscribed/);
  });

  it('reaches a REST API of the local cloud in process, and fails when there is none', async () => {
    const url = 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/webhooks/stripe';
    const { secret } = await sdk.webhookEndpoints.create({ url, enabled_events: ['product.created'] });
    await sdk.products.create({ name: 'x' });
    await pass(local, 1000, failed(1));
    expect((await sdk.events.list({ delivery_success: false })).data).toHaveLength(1);
    const requests: { apiId: string; region: string; path: string }[] = [];
    local.cloud.provide('httpFront', {
      async handle(request) {
        requests.push(request);
        Stripe.webhooks.constructEvent(
          request.body,
          request.headers['stripe-signature'] as string,
          secret as string,
          0,
        );
        return { status: 200, headers: {}, body: Buffer.alloc(0) };
      },
    });
    await pass(local, HOUR, idle);
    expect(requests).toMatchObject([{ apiId: 'abc123', region: 'eu-west-1', path: '/prod/webhooks/stripe' }]);
  });
});

describe('unkind delivery', () => {
  it('delivers twice when told to', async () => {
    await endpoint();
    await local.admin('stripe/unkindness', { duplicateRate: 1 });
    await pay();
    await pass(local, 1000, () => deliveries().every(({ copies }) => copies === 0));
    await pass(local, 60_000, idle);
    const ids = merchant.received.map(({ body }) => (JSON.parse(body) as { id: string }).id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('lets later events overtake earlier ones when told to', async () => {
    await endpoint(['product.created', 'price.created']);
    await local.admin('stripe/unkindness', { reorder: true });
    await sdk.checkout.sessions.create(ORDER);
    await pass(local, 60_000, () => merchant.received.length === 1);
    await pass(local, HOUR, idle);
    expect(merchant.types()).toEqual(['price.created', 'product.created']);
  });

  it('refuses what it does not know', async () => {
    const answer = await local.admin('stripe/unkindness', { duplicates: 1 });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('there is no unkindness duplicates'.slice(9));
  });
});

describe('delivery to EventBridge', () => {
  const destination = (payload: 'snapshot' | 'thin', types: string[]) =>
    sdk.v2.core.eventDestinations.create({
      name: 'orders',
      type: 'amazon_eventbridge',
      event_payload: payload,
      enabled_events: types,
      amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
      ...(payload === 'snapshot' ? { snapshot_api_version: API_VERSION } : {}),
    });

  it('hands over the same event that the webhook gets, also while the source is pending', async () => {
    await endpoint();
    const { amazon_eventbridge: aws } = await destination('snapshot', ['checkout.session.completed']);
    await pay();
    await pass(local, 1000, idle);
    const id = (JSON.parse(merchant.received[0]?.body as string) as { id: string }).id;
    expect(local.partner.put).toMatchObject([
      {
        arn: aws?.aws_event_source_arn,
        detailType: 'checkout.session.completed',
        detail: { id, api_version: API_VERSION },
      },
    ]);
    expect((await sdk.events.list({ delivery_success: false })).data).toEqual([]);
  });

  it('sends thin notifications without the object', async () => {
    await destination('thin', ['v1.checkout.session.completed']);
    const session = await pay();
    await pass(local, 1000, idle);
    expect(local.partner.put).toMatchObject([
      {
        detailType: 'v1.checkout.session.completed',
        detail: {
          object: 'v2.core.event',
          related_object: { id: session, url: `/v1/checkout/sessions/${session}` },
        },
      },
    ]);
    expect(local.partner.put[0]?.detail).not.toHaveProperty('data');
  });

  it('sends nothing once the source is gone', async () => {
    const { id, amazon_eventbridge: aws } = await destination('snapshot', ['*']);
    local.partner.move(aws?.aws_event_source_arn as string, 'gone');
    await pay();
    await pass(local, 1000, idle);
    expect(local.partner.put).toEqual([]);
    expect((await sdk.v2.core.eventDestinations.retrieve(id)).status).toBe('disabled');
  });
});
