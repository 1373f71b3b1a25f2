import { afterEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../src/config/settings.js';
import { setup } from '../../src/setup/setup.js';
import { countingShop, openCountingShop } from '../doctor/support/counting-shop.js';
import { openStage, silentHost } from '../doctor/support/set-up-stage.js';
import { type TheirStage, theirStage } from '../doctor/support/their-stack.js';
import { stripeOf } from '../e2e/support/world.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';

let cloud: TestCloud;
let stage: TheirStage;
let shop: Awaited<ReturnType<typeof openCountingShop>>;
afterEach(async () => {
  await shop?.close();
  await stage?.close();
});

async function open(settings: Partial<Settings> = {}) {
  cloud = await startTestCloud();
  shop = await openCountingShop(cloud.database);
  stage = await theirStage(countingShop(cloud.database), {
    cloud,
    settings: { stack: { name: 'Cachao', managed: false }, database: cloud.database.url, ...settings },
  });
}

async function setUp(dryRun = false) {
  const { world, bench } = stage.open();
  const options = { dryRun, checkout: true, checkoutTimeoutMs: 30_000 };
  return setup(world, () => bench, options, silentHost, new AbortController().signal);
}

const made = ({ changes }: Awaited<ReturnType<typeof setUp>>) =>
  changes.filter(({ action }) => action !== 'wait').map(({ check, action }) => `${check} ${action}`);

async function busOf(): Promise<string> {
  const found = await stage.inspect({ only: ['eventbridge.rule-bus'] });
  return found.at(-1)?.expected ?? '';
}

async function storedSecret(): Promise<string> {
  const secret = await stage.open().world.ssm.secret('/cachao/dev/stripe/webhook-secret');
  return secret?.value.reveal() ?? '';
}

async function makeEndpoint(): Promise<string> {
  const resources = await stage.open().world.cloudformation.resources('Cachao');
  const api = resources.find(({ logicalId }) => logicalId === 'CachaoApi')?.physicalId;
  const endpoint = await stripeOf(cloud).webhookEndpoints.create({
    url: `${cloud.aws}/_aws/execute-api/${api}/Prod/webhooks/stripe`,
    enabled_events: ['checkout.session.completed'],
  });
  return endpoint.secret ?? '';
}

describe('a handler that counts each delivery', () => {
  it('gets one way from setup, and each payment is counted once', async () => {
    await open();
    const first = await setUp();
    expect(made(first)).toEqual(['stripe.destination create', 'eventbridge.bus create']);
    await stage.update(countingShop(cloud.database, { bus: await busOf() }));
    const second = await setUp();
    expect(made(second)).toEqual([]);
    expect(second.checkout).toMatchObject({ passed: true, paths: [{ via: 'eventbridge', delivered: true }] });
    expect(await shop.counted()).toEqual(['rule']);
    const webhook = second.findings.find(({ id }) => id === 'stripe.webhook');
    expect(webhook).toMatchObject({
      outcome: 'skipped',
      summary: expect.stringContaining('--handler-is-idempotent'),
    });
  });

  it('keeps the webhook that is there, and nothing of EventBridge is made beside it', async () => {
    await open();
    const secret = await makeEndpoint();
    await stage.update(countingShop(cloud.database, { secret }));
    expect(made(await setUp(true))).toEqual([]);
    const result = await setUp();
    expect(made(result)).toEqual([]);
    expect(result.checkout).toMatchObject({ passed: true, paths: [{ via: 'webhook', delivered: true }] });
    expect(await shop.counted()).toEqual(['webhook']);
  });

  it('gets the webhook where that was chosen, and the plan says so', async () => {
    await open({ deliveryPath: 'webhook' });
    const planned = await setUp(true);
    expect(made(planned)).toEqual(['stripe.webhook create']);
    expect(planned.changes[0]?.details.join()).toContain('the payments are to come by the webhook');
    expect(made(await setUp())).toEqual(['stripe.webhook create']);
    await stage.update(countingShop(cloud.database, { secret: await storedSecret() }));
    expect((await setUp()).checkout).toMatchObject({ passed: true });
    expect(await shop.counted()).toEqual(['webhook']);
  });

  it('is found out by the proof when somebody gave his word for it in error', async () => {
    await open({ handlerIsIdempotent: true });
    expect(made(await setUp())).toContain('stripe.webhook create');
    const both = countingShop(cloud.database, { bus: await busOf(), secret: await storedSecret() });
    await stage.update(both);
    const { checkout, exitCode } = await setUp();
    expect(await shop.counted()).toEqual(['rule', 'webhook']);
    expect(checkout).toMatchObject({
      passed: false,
      summary: expect.stringContaining('counted more than once'),
    });
    expect(exitCode).toBe(1);
  });
});

describe('delivery.single-handler', () => {
  it('sees the rule and the webhook of one stack, and the word that both may be', async () => {
    await open();
    await setUp();
    const secret = await makeEndpoint();
    const look = async () => (await stage.inspect({ only: ['delivery.single-handler'] })).at(-1);
    // Before the rule is on the bus, as well: it will be.
    expect(await look()).toMatchObject({ outcome: 'fail', actual: '2 deliveries' });
    await stage.update(countingShop(cloud.database, { bus: await busOf(), secret }));
    const found = await look();
    expect(found?.summary).toMatch(/by EventBridge, .+ by webhook endpoint we_/);
    expect(found?.remedy?.text).toContain('--handler-is-idempotent');
    expect((await setUp()).exitCode).toBe(1);
    expect(await shop.counted()).toEqual([]);
    const sure = await openStage({ cloud, settings: { ...stage.settings, handlerIsIdempotent: true } });
    expect((await sure.inspect({ only: ['delivery.single-handler'] })).at(-1)?.outcome).toBe('pass');
  });

  it('sees two functions behind rules that match the same type', async () => {
    await open();
    await setUp();
    const template = countingShop(cloud.database, { bus: await busOf() });
    const { StripeEventBridgeHandlerStripeEventBridge: rule } = template.Resources;
    const targets = rule?.Properties.Targets as object[];
    targets.push({
      Arn: { 'Fn::GetAtt': ['StripePaymentFunction', 'Arn'] },
      Id: 'Other',
    });
    await stage.update(template);
    const found = (await stage.inspect({ only: ['delivery.single-handler'] })).at(-1);
    expect(found).toMatchObject({ outcome: 'fail', actual: '2 deliveries' });
  });
});
