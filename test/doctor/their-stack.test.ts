import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.js';
import { stripeOf } from '../e2e/support/world.js';
import { checklistTemplate, type TheirStage, theirStage } from './support/their-stack.js';

const SECRET = 'whsec_PastedFromTheDashboard1234';

let stage: TheirStage;
afterEach(() => stage?.close());

/** The checklist's shop with what its team did by hand on Stripe, and pasted from there. */
async function theirShop(name: 'before' | 'recommended'): Promise<Finding[]> {
  stage = await theirStage(checklistTemplate(name), { parameters: { StripeWebhookSecret: SECRET } });
  const stripe = stripeOf(stage.cloud);
  await stripe.v2.core.eventDestinations.create({
    name: 'Shop',
    type: 'amazon_eventbridge',
    event_payload: 'snapshot',
    enabled_events: ['checkout.session.completed'],
    amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
  });
  await stripe.webhookEndpoints.create({
    url: `${stage.cloud.aws}/_aws/execute-api/${stage.physicalIds.CachaoApi}/Prod/webhooks/stripe`,
    enabled_events: ['checkout.session.completed'],
  });
  // The source appears some time after its destination; the webhook's function has its log once it was called.
  for (;;) {
    const [source] = await stage.inspect({ only: ['eventbridge.source'] });
    if (source?.outcome === 'pass') break;
  }
  await stage.inspect();
  return stage.inspect();
}

type Expected = Record<string, [outcome: 'fail' | 'warn', item: number | null, reason: RegExp]>;

/** What is there whichever half of the checklist was worked through: its mistakes, and what it leaves to a person. */
const EITHER_WAY: Expected = {
  'eventbridge.bus': ['fail', 11, /not associated: its event bus does not exist/],
  'eventbridge.rule-bus': ['fail', 11, /is on the bus default, where Stripe's events never arrive/],
  'eventbridge.pattern': [
    'fail',
    11,
    /matches nothing that Stripe sends: the source of its events is aws\.partner/,
  ],
  'eventbridge.rule-description': ['warn', 7, /has no description/],
  'eventbridge.dlq': ['fail', 2, /the target of \S+ has no dead-letter queue/],
  'function.async': ['warn', 3, /is retried by Lambda's defaults/],
  'function.role': ['warn', 9, /AWSLambdaBasicExecutionRole\) allows logs:CreateLogGroup.* on \*/],
  'function.secrets': [
    'fail',
    12,
    /StripePaymentFunction\S* holds a webhook signing secret in STRIPE_WEBHOOK_SECRET/,
  ],
  'alarm.function-errors': ['fail', 5, /no alarm covers errors of \S*StripeEventBridgeHandler/],
  'alarm.loss': ['fail', 5, /no alarm covers .*failed invocations/],
  'alarm.webhook': ['warn', 5, /no alarm covers server errors/],
  'api.throttled': ['warn', 6, /the stage Prod has no limit of its own/],
  'delivery.single-handler': [
    'fail',
    null,
    /gets the same payment 2 times: \S*StripeEventBridgeHandler\S* by EventBridge, \S*StripePaymentFunction/,
  ],
};

const BEFORE: Expected = {
  ...EITHER_WAY,
  'eventbridge.rule-enabled': ['warn', 1, /ENABLED, but only by default: the template does not say so/],
  'eventbridge.retry': ['warn', 3, /retries by AWS's defaults/],
  'function.concurrency': ['warn', 4, /StripeEventBridgeHandler\S* has none reserved/],
  'function.dlq': ['fail', 2, /it has no queue for failures/],
  'function.tracing': [
    'warn',
    10,
    /StripeEventBridgeHandler\S* is not traced.*StripePaymentFunction\S* is not traced/,
  ],
  'function.tags': [
    'warn',
    8,
    /StripeEventBridgeHandler\S* lacks Environment, Service, Component, ManagedBy/,
  ],
  'log.retention': ['warn', 13, /has no retention period: it keeps its lines forever/],
};

/** With every snippet pasted in: what it gets wrong, and the function that it forgot. */
const RECOMMENDED: Expected = {
  ...EITHER_WAY,
  'function.tracing': ['warn', 10, /^\S*StripePaymentFunction\S* is not traced/],
  'function.tags': ['warn', 8, /^\S*StripePaymentFunction\S* lacks/],
  'function.role': ['warn', 9, /allows rds:DescribeDBInstances on \*/],
  'queue.policy': ['warn', 2, /cachao-stripe-event-dlq: anybody in the account/],
  'alarm.function-errors': [
    'fail',
    5,
    /has an ARN as FunctionName, where the name belongs, so it never fires/,
  ],
};

function unhealthy(findings: readonly Finding[]) {
  return findings.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skipped');
}

describe("doctor on the checklist's own shop", () => {
  it.each([
    ['before anybody worked through it', 'before', BEFORE],
    ['with everything in it that the checklist recommends', 'recommended', RECOMMENDED],
  ] as const)('%s finds exactly what is wrong with it', async (_state, name, expected) => {
    const found = unhealthy(await theirShop(name));
    expect(Object.fromEntries(found.map(({ id, outcome, item }) => [id, [outcome, item]]))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([id, [outcome, item]]) => [id, [outcome, item]])),
    );
    for (const { id, summary } of found) expect(summary, id).toMatch(expected[id]?.[2] ?? /never/);
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  it('reports all thirteen items, each under its number', async () => {
    const items = unhealthy(await theirShop('before')).map(({ item }) => item);
    const numbers = [...new Set(items.filter((item) => item !== null))].sort((a, b) => a - b);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('says of what it cannot look at why not, and remedies nothing by deploying over it', async () => {
    const findings = await theirShop('before');
    const reason = (id: string) => findings.find((one) => one.id === id)?.summary;
    expect(reason('stack.current')).toBe('Cachao is unmanaged: cachao does not deploy it');
    expect(reason('function.current')).toMatch(/is not in this checkout/);
    expect(reason('secret.database')).toMatch(/the stack Cachao is not cachao's/);
    expect(reason('secret.webhook')).toMatch(/was made by a person/);
    const { changes } = await stage.repair();
    expect(changes.filter(({ resource }) => resource === 'CloudFormation stack')).toEqual([]);
  });

  it('does not make a log group by looking, unless it is told to', async () => {
    stage = await theirStage(checklistTemplate('before'), { parameters: { StripeWebhookSecret: SECRET } });
    const groups = async () => (await stage.open().world.logs.logGroups('')).map(({ name }) => name);
    const before = await groups();
    const look = async (wakes: boolean) => {
      const found = await stage.inspect({ only: ['api.reachable'], choices: { wakes } });
      return found.find(({ id }) => id === 'api.reachable');
    };
    expect(await look(false)).toMatchObject({
      outcome: 'skipped',
      summary: expect.stringMatching(/StripePaymentFunction\S* never ran, .*--deep probes all the same/),
    });
    expect(await groups()).toEqual(before);
    expect((await look(true))?.outcome).not.toBe('skipped');
    expect((await groups()).length).toBe(before.length + 1);
    // It has run now: a further look makes nothing.
    expect((await look(false))?.outcome).not.toBe('skipped');
  });
});
