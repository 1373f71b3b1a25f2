import { CloudFormationClient, type Parameter } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploy } from '../local-cloud/cloudformation/deploying.js';
import { openShop, type Shop } from '../local-cloud/traps/shop.js';
import { mend, read } from './support.js';

let shop: Shop;
let logs: CloudWatchLogsClient;
/** The name of Stripe's bus. */
let source: string;
beforeAll(async () => {
  shop = await openShop({ clock: 'hasten' });
  logs = new CloudWatchLogsClient(shop.cloud.client);
  source = (await shop.destination()).source;
  await shop.sourceAppeared(source);
  await shop.associate(source);
});
afterAll(() => shop.close());

/** Deploys a template over what there was. */
async function put(
  StackName: string,
  template: string,
  ChangeSetType: 'CREATE' | 'UPDATE',
  Parameters: Parameter[],
) {
  const client = new CloudFormationClient(shop.cloud.client);
  const Capabilities = ['CAPABILITY_IAM' as const];
  const stack = await deploy(client, template, { StackName, ChangeSetType, Capabilities, Parameters });
  expect([stack.StackStatus, stack.StackStatusReason]).toEqual([`${ChangeSetType}_COMPLETE`, undefined]);
  return stack;
}

/** Waits until a function has logged an event that holds the text, in whichever group it may. */
async function logged(text: string): Promise<void> {
  for (;;) {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
    for (const { logGroupName } of logGroups) {
      const { events = [] } = await logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern: `"${text}"` }),
      );
      if (events.length > 0) return;
    }
    await shop.aMoment();
  }
}

describe('what was delivered before --write is delivered after it, to a handler whose lines are kept', () => {
  it("from Stripe's bus", async () => {
    const text = read('test/fixtures/audit/partner.yaml').replace(
      '          - checkout.session.completed\n',
      '          - checkout.session.completed\n          - product.created\n',
    );
    const parameters = [{ ParameterKey: 'Bus', ParameterValue: source }];
    await put('partner', text, 'CREATE', parameters);
    await logged((await shop.stripe.products.create({ name: 'before' })).id);
    const mended = mend(text).text;
    expect(mended).toContain('LoggingConfig');
    await put('partner', mended, 'UPDATE', parameters);
    await logged((await shop.stripe.products.create({ name: 'after' })).id);
  });

  it('by the webhook', async () => {
    const name = 'before.cfn.json';
    const text = read(`test/fixtures/checklist/${name}`);
    const { Outputs } = await put('hook', text, 'CREATE', []);
    const api = /https:\/\/([a-z0-9]+)\./.exec(Outputs?.[0]?.OutputValue ?? '')?.[1];
    const answer = async () => {
      const said = await fetch(`${shop.cloud.aws}/_aws/execute-api/${api}/Prod/webhooks/stripe`, {
        method: 'POST',
        headers: { 'Stripe-Signature': 't=1,v1=0' },
        body: '{}',
      });
      return [said.status, await said.json()];
    };
    expect(await answer()).toEqual([200, { received: true }]);
    const parameters = [{ ParameterKey: 'StripeEventBusName', ParameterValue: source }];
    await put('hook', mend(text, name).text, 'UPDATE', parameters);
    expect(await answer()).toEqual([200, { received: true }]);
  });

  it.each([
    ['a bus of its own', 'own', 'shop.stripe', (text: string) => text],
    [
      'the default bus',
      'default',
      'stripe.com',
      (text: string) =>
        text.replace('      EventBusName: !Ref Bus\n', '').replace('[shop.stripe]', '[stripe.com]'),
    ],
  ])("from the team's own relay, by %s", async (_what, stack, own, variant) => {
    const text = variant(read('test/fixtures/audit/own-bus.yaml'));
    const relay = async (id: string) => {
      const bus = stack === 'own' ? { EventBusName: `${stack}-payments` } : {};
      const entry = { ...bus, Source: own, DetailType: 'Paid', Detail: JSON.stringify({ id }) };
      const { FailedEntryCount } = await shop.events.send(new PutEventsCommand({ Entries: [entry] }));
      expect(FailedEntryCount).toBe(0);
      await logged(id);
    };
    await put(stack, text, 'CREATE', []);
    await relay(`${stack}-before`);
    const mended = mend(text).text;
    expect(mended).toContain('DeadLetterConfig');
    await put(stack, mended, 'UPDATE', []);
    await relay(`${stack}-after`);
  });
});
