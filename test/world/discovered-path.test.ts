import { afterEach, describe, expect, it } from 'vitest';
import { functionOf, paymentPath } from '../../src/world/payment-path.js';
import {
  checklistTemplate,
  type TheirStage,
  type TheirTemplate,
  theirStage,
} from '../doctor/support/their-stack.js';
import { stripeOf } from '../e2e/support/world.js';

type Properties = Record<string, unknown>;
const STRANGER = '999999999999';
let stage: TheirStage;
afterEach(() => stage?.close());

async function discovered(template: TheirTemplate, prepare?: (stage: TheirStage) => Promise<unknown>) {
  stage = await theirStage(template);
  await prepare?.(stage);
  const path = await paymentPath(stage.open().world);
  if (!path) throw new Error('no path was found');
  return path;
}

describe("the payment path in a stack of somebody else's", () => {
  it('has its rule on the default bus, its two functions, and the API that Stripe is to call', async () => {
    const path = await discovered(checklistTemplate('before'));
    const ids = stage.physicalIds;
    expect(path).toMatchObject({
      managed: false,
      eventBusName: undefined,
      rules: [{ busName: 'default', name: ids.StripeEventBridgeHandlerStripeEventBridge }],
      queues: [],
      api: { id: ids.CachaoApi, stage: 'Prod', path: '/webhooks/stripe' },
      topicArns: [],
      unclear: [],
    });
    expect(path.functions.map(({ role, name }) => [role, name])).toEqual([
      ['event', ids.StripeEventBridgeHandler],
      ['webhook', ids.StripePaymentFunction],
    ]);
  });

  it("has the function's dead-letter queue and the topic that its alarm tells", async () => {
    const path = await discovered(checklistTemplate('recommended'));
    expect(path.queues).toMatchObject([{ purpose: 'function', name: 'cachao-stripe-event-dlq' }]);
    expect(path.topicArns).toEqual([stage.physicalIds.StripeEventFailureSNS]);
  });

  it('names two functions that get the same events, and chooses neither', async () => {
    const template = checklistTemplate('before');
    const rule = template.Resources.StripeEventBridgeHandlerStripeEventBridge as { Properties: Properties };
    (rule.Properties.Targets as unknown[]).push({
      Id: 'mail',
      Arn: { 'Fn::GetAtt': ['StripePaymentFunction', 'Arn'] },
    });
    const path = await discovered(template);
    expect(path.unclear[0]?.text).toMatch(
      /2 functions get Stripe's events from rules: .*StripeEventBridgeHandler.*StripePaymentFunction/,
    );
    expect(() => functionOf(path, 'event')).toThrow(/2 functions/);
  });

  it("knows by the URL of Stripe's endpoint which path behind a proxy is the webhook", async () => {
    const template = checklistTemplate('before');
    const api = template.Resources.CachaoApi?.Properties.Body as { paths: Record<string, unknown> };
    api.paths = { '/{proxy+}': api.paths['/webhooks/stripe'] };
    const path = await discovered(template, (made) =>
      stripeOf(made.cloud).webhookEndpoints.create({
        url: `https://${made.physicalIds.CachaoApi}.execute-api.eu-west-1.amazonaws.com/Prod/pay/hook`,
        enabled_events: ['checkout.session.completed'],
      }),
    );
    expect(path.api).toEqual({ id: stage.physicalIds.CachaoApi, stage: 'Prod', path: '/pay/hook' });
  });

  it('leaves a webhook out that two paths could be, and names them', async () => {
    const template = checklistTemplate('before');
    const api = template.Resources.CachaoApi?.Properties.Body as { paths: Record<string, unknown> };
    api.paths['/v2/webhooks/stripe'] = api.paths['/webhooks/stripe'];
    const path = await discovered(template);
    expect(path.api).toBeUndefined();
    expect(path.unclear[0]?.text).toMatch(/\/v2\/webhooks\/stripe of API \w+, \/webhooks\/stripe/);
  });

  it("has no function and no queue of another account's, whatever its name; doctor says where they point", async () => {
    const template = checklistTemplate('recommended');
    const rule = template.Resources.StripeEventBridgeHandlerStripeEventBridge as { Properties: Properties };
    const name = 'Cachao-StripeEventBridgeHandler';
    rule.Properties.Targets = [
      { Id: 'a', Arn: `arn:aws:lambda:eu-west-1:${STRANGER}:function:${name}` },
      { Id: 'b', Arn: `arn:aws:events:eu-west-1:${STRANGER}:event-bus/all` },
    ];
    const api = template.Resources.CachaoApi?.Properties.Body as { paths: Record<string, unknown> };
    const strange = `arn:aws:lambda:eu-west-1:${STRANGER}:function:pay`;
    const uri = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${strange}/invocations`;
    api.paths = JSON.parse(JSON.stringify(api.paths), (key, value) => (key === 'uri' ? uri : value));
    const path = await discovered(template);
    expect(path.functions).toEqual([]);
    expect(path.queues).toEqual([]);
    const findings = await stage.inspect({ only: ['eventbridge.target', 'api.reachable'] });
    const summary = (id: string) => findings.find((one) => one.id === id)?.summary;
    expect(summary('eventbridge.target')).toMatch(
      new RegExp(
        `sends to \\S+:${STRANGER}:function:${name}, in another account or region; .*sends to \\S+:${STRANGER}:event-bus/all, in another account`,
      ),
    );
    expect(summary('api.reachable')).toMatch(
      new RegExp(`leads to ${strange}, in another account or region$`),
    );
  });

  it('is not there while nothing is deployed', async () => {
    stage = await theirStage(checklistTemplate('before'), {
      settings: { stack: { name: 'Elsewhere', managed: false } },
    });
    expect(await paymentPath(stage.open().world)).toBeUndefined();
  });
});
