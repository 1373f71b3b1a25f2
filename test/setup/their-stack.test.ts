import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { createConnection } from 'mysql2/promise';
import { afterEach, describe, expect, it } from 'vitest';
import { shopTableStatements } from '../../handlers/operations/shop-tables.js';
import { setup } from '../../src/setup/setup.js';
import { silentHost } from '../doctor/support/set-up-stage.js';
import {
  checklistTemplate,
  type TheirStage,
  type TheirTemplate,
  theirStage,
} from '../doctor/support/their-stack.js';
import { stripeOf } from '../e2e/support/world.js';
import { startTestCloud } from '../support/local-cloud.js';

/** Its handlers count nothing. */
const IDEMPOTENT = { stack: { name: 'Cachao', managed: false }, handlerIsIdempotent: true };

let stage: TheirStage;
afterEach(() => stage?.close());

async function setUp(timeoutMs = 30_000) {
  const { world, bench } = stage.open();
  const options = { dryRun: false, checkout: true, checkoutTimeoutMs: timeoutMs };
  return setup(world, () => bench, options, silentHost, new AbortController().signal);
}

/** The checklist's shop with its rule where it belongs, as its team writes it once setup has named the bus. */
function corrected(busName: string): TheirTemplate {
  const template = checklistTemplate('before');
  const rule = template.Resources.StripeEventBridgeHandlerStripeEventBridge;
  Object.assign(rule?.Properties ?? {}, {
    EventBusName: busName,
    EventPattern: { source: [busName], 'detail-type': [{ prefix: 'checkout.session.' }] },
  });
  const code = `exports.handler = async (event) => {
    const signed = event.headers && event.headers['Stripe-Signature'];
    if (!signed) return { statusCode: 400, body: 'no signature' };
    const crypto = require('crypto');
    const [, t] = /t=(\\d+)/.exec(signed);
    const secret = process.env.SIGNING_KEY_OF_TEST || '';
    const wanted = crypto.createHmac('sha256', secret).update(t + '.' + event.body).digest('hex');
    if (!signed.includes('v1=' + wanted)) return { statusCode: 400, body: 'wrong signature' };
    console.log(JSON.stringify({ stripeEvent: JSON.parse(event.body).id }));
    return { statusCode: 200, body: 'ok' };
  };`;
  const payment = template.Resources.StripePaymentFunction;
  Object.assign(payment?.Properties ?? {}, { Code: { ZipFile: code } });
  return template;
}

async function physicalId(logicalId: string): Promise<string> {
  const resources = await stage.open().world.cloudformation.resources('Cachao');
  return resources.find((one) => one.logicalId === logicalId)?.physicalId ?? '';
}

describe("setup beside a stack of somebody else's", () => {
  it('does the manual steps, deploys nothing, says what the template lacks, and then proves the path', async () => {
    stage = await theirStage(checklistTemplate('before'), { settings: IDEMPOTENT });
    const before = await stackStamp();

    const first = await setUp();
    expect(first.error).toBeNull();
    // Whether the source has to be waited for is chance.
    const made = first.changes.filter(({ action }) => action !== 'wait');
    expect(made.map(({ check, action }) => `${check} ${action}`)).toEqual([
      'stripe.destination create',
      'eventbridge.bus create',
      'stripe.webhook create',
    ]);
    expect(first.exitCode).toBe(1);
    const failing = first.findings.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    expect(failing).toEqual(['eventbridge.rule-bus', 'eventbridge.pattern', 'api.signature']);
    const bus = first.findings.find(({ id }) => id === 'eventbridge.rule-bus')?.expected ?? '';
    expect(bus).toMatch(/^aws\.partner\/stripe\.com\/ed_test_/);
    expect(await stackStamp()).toEqual(before);

    // Their turn: the template, with the bus; and the secret that setup stored.
    const template = corrected(bus);
    const secret = await stage.open().world.ssm.secret('/cachao/dev/stripe/webhook-secret');
    const variables = { SIGNING_KEY_OF_TEST: secret?.value.reveal() };
    Object.assign(template.Resources.StripePaymentFunction?.Properties ?? {}, {
      Environment: { Variables: variables },
    });
    await stage.update(template);

    const second = await setUp();
    expect(second.findings.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    // Their rule takes more types than it did.
    expect(second.changes.map(({ check, action }) => `${check} ${action}`)).toEqual([
      'stripe.destination-events update',
      'stripe.webhook-events update',
    ]);
    expect((await setUp()).changes).toEqual([]);
    expect(second.checkout).toMatchObject({
      passed: true,
      orderId: null,
      eventId: expect.stringMatching(/^evt_/),
      paths: [
        { via: 'eventbridge', delivered: true },
        { via: 'webhook', delivered: true },
      ],
    });
    expect(second.exitCode).toBe(0);
  });

  it("takes a person's destination and endpoint as they are, and makes no second one", async () => {
    stage = await theirStage(checklistTemplate('before'), { settings: IDEMPOTENT });
    const stripe = stripeOf(stage.cloud);
    await stripe.v2.core.eventDestinations.create({
      name: 'Shop',
      type: 'amazon_eventbridge',
      event_payload: 'snapshot',
      enabled_events: ['checkout.session.completed'],
      amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
    });
    await stripe.webhookEndpoints.create({
      url: `${stage.cloud.aws}/_aws/execute-api/${await physicalId('CachaoApi')}/Prod/webhooks/stripe`,
      enabled_events: ['checkout.session.completed'],
    });
    // Stripe's list lags behind: what was made a moment ago is not there yet.
    const listed = async () => (await stripe.v2.core.eventDestinations.list({})).data.map(({ type }) => type);
    while (!(await listed()).includes('amazon_eventbridge')) await sleep(20);
    const { changes } = await setUp();
    const made = changes.filter(({ action }) => action !== 'wait');
    // Their types are those that the rule takes.
    expect(made.map(({ check, action }) => `${check} ${action}`)).toEqual(['eventbridge.bus create']);
    const [destinations, endpoints] = await Promise.all([
      stripe.v2.core.eventDestinations.list({}),
      stripe.webhookEndpoints.list({}),
    ]);
    expect(destinations.data.filter(({ type }) => type === 'amazon_eventbridge')).toHaveLength(1);
    expect(endpoints.data).toHaveLength(1);
  });

  it('does not pay for a proof that cannot succeed', async () => {
    stage = await theirStage(checklistTemplate('before'), {
      settings: { stack: { name: 'Cachao', managed: false }, webhook: false },
    });
    await setUp();
    const bus = (await stage.inspect({ only: ['eventbridge.rule-bus'] })).at(-1)?.expected ?? '';
    const template = corrected(bus);
    const permission = template.Resources.StripeEventBridgeHandlerStripeEventBridgePermission;
    Object.assign(permission?.Properties ?? {}, {
      SourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/nobody',
    });
    await stage.update(template);
    const { checkout, findings } = await setUp(3_000);
    expect(checkout).toBeNull();
    expect(findings.find(({ id }) => id === 'eventbridge.permission')?.outcome).toBe('fail');
  });
});

describe("the proof through the shop's own database", () => {
  /** Their handler: marks the order as paid that the session names, if it is told to. */
  function settling(database: { url: string; password: string }, pays: boolean): TheirTemplate {
    const template = checklistTemplate('before');
    const { hostname: host, port, username: user, pathname } = new URL(database.url);
    const address = {
      host,
      port: Number(port),
      user,
      password: database.password,
      database: pathname.slice(1),
    };
    const driver = createRequire(import.meta.url).resolve('mysql2/promise');
    const code = `exports.handler = async (event) => {
      console.log(event.detail.id);
      const connection = await require(${JSON.stringify(driver)}).createConnection(${JSON.stringify(address)});
      const order = event.detail.data.object.metadata.order_id;
      if (${pays}) await connection.query("UPDATE ticket_orders SET status = 'paid' WHERE id = ?", [order]);
      await connection.end();
    };`;
    const { StripeEventBridgeHandler: handler } = template.Resources;
    Object.assign(handler?.Properties ?? {}, { Code: { ZipFile: code } });
    return template;
  }

  async function proven(pays: boolean) {
    const cloud = await startTestCloud();
    const { url, password } = cloud.database;
    const template = settling(cloud.database, pays);
    stage = await theirStage(template, {
      cloud,
      settings: { stack: { name: 'Cachao', managed: false }, webhook: false, database: url },
    });
    const { hostname: host, port, username: user, pathname } = new URL(url);
    const connection = await createConnection({
      host,
      port: Number(port),
      user,
      password,
      database: pathname.slice(1),
    });
    for (const statement of shopTableStatements('eur')) await connection.query(statement);
    const first = await setUp();
    const bus = first.findings.find(({ id }) => id === 'eventbridge.rule-bus')?.expected ?? '';
    const rule = template.Resources.StripeEventBridgeHandlerStripeEventBridge;
    Object.assign(rule?.Properties ?? {}, { EventBusName: bus, EventPattern: { source: [bus] } });
    await stage.update(template);
    const { checkout } = await setUp(4_000);
    const [orders] = await connection.query('SELECT id FROM ticket_orders');
    const [tickets] = await connection.query('SELECT id FROM tickets');
    await connection.end();
    return { checkout, left: { orders, tickets } };
  }

  it('makes a test order, sees it paid, and takes it away again', async () => {
    const { checkout, left } = await proven(true);
    expect(checkout).toMatchObject({
      passed: true,
      orderStatus: 'paid',
      testOrderRemoved: true,
      summary: expect.stringMatching(/^the test order was paid, and every configured path delivered evt_/),
    });
    expect(left).toEqual({ orders: [], tickets: [] });
  });

  it('says that the order stayed pending though the event arrived', async () => {
    const { checkout, left } = await proven(false);
    expect(checkout).toMatchObject({ passed: false, orderStatus: 'pending', testOrderRemoved: true });
    expect(checkout?.summary).toMatch(/delivered evt_\w+ to its function, but the order is pending/);
    expect(left).toEqual({ orders: [], tickets: [] });
  });
});

/** Changes with every deployment. */
async function stackStamp() {
  const { Stacks } = await new CloudFormationClient(stage.client).send(
    new DescribeStacksCommand({ StackName: 'Cachao' }),
  );
  return [Stacks?.[0]?.LastUpdatedTime, Stacks?.[0]?.StackStatus];
}
