import {
  GetParameterHistoryCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.js';

const Name = '/shop/webhook-secret';

let shop: Shop;
let ssm: SSMClient;
beforeEach(async () => {
  shop = await openShop();
  ssm = new SSMClient(shop.cloud.client);
});
afterEach(() => shop.close());

const put = (more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Type: 'SecureString', Value: 'whsec_1', ...more }));

it('a webhook endpoint shows its signing secret when it is made, and never again', async () => {
  const { id, secret } = await shop.stripe.webhookEndpoints.create({
    url: 'https://shop.example/hook',
    enabled_events: ['*'],
  });
  expect(secret).toMatch(/^whsec_/);
  expect((await shop.stripe.webhookEndpoints.retrieve(id)).secret).toBeUndefined();
  expect((await shop.stripe.webhookEndpoints.list()).data[0]?.secret).toBeUndefined();
  expect((await shop.stripe.webhookEndpoints.update(id, { description: 'shop' })).secret).toBeUndefined();
});

it('an event destination shows it only to who asks while making it', async () => {
  const made: Stripe.V2.Core.EventDestinationCreateParams = {
    name: 'hook',
    type: 'webhook_endpoint',
    event_payload: 'snapshot',
    enabled_events: ['product.created'],
    webhook_endpoint: { url: 'https://shop.example/hook' },
  };
  const { eventDestinations } = shop.stripe.v2.core;
  const unasked = await eventDestinations.create(made);
  expect(unasked.webhook_endpoint?.signing_secret ?? null).toBeNull();
  const asked = await eventDestinations.create({ ...made, include: ['webhook_endpoint.signing_secret'] });
  expect(asked.webhook_endpoint?.signing_secret).toMatch(/^whsec_/);
  const later = await eventDestinations.retrieve(asked.id, { include: ['webhook_endpoint.url'] });
  expect(later.webhook_endpoint?.signing_secret ?? null).toBeNull();
});

it('Parameter Store refuses tags together with overwrite', async () => {
  await put();
  await expect(put({ Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("tags and overwrite can't be used together"),
  });
});

it('keeps a hundred versions, the oldest making room unless it is labelled', async () => {
  await put();
  for (let version = 2; version <= 101; version += 1) await put({ Overwrite: true });
  const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name, MaxResults: 50 }));
  expect(Parameters?.[0]?.Version).toBe(2);
  await ssm.send(new LabelParameterVersionCommand({ Name, ParameterVersion: 2, Labels: ['in-use'] }));
  await expect(put({ Overwrite: true })).rejects.toMatchObject({ name: 'ParameterMaxVersionLimitExceeded' });
});
