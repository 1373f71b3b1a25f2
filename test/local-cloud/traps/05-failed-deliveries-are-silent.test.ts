import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ACCOUNT, openShop, type Shop } from './shop.js';

const FUNCTION = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:orders`;

let shop: Shop;
let source: string;
beforeEach(async () => {
  shop = await openShop({ speed: 6000 });
  ({ source } = await shop.destination());
  await shop.sourceAppeared(source);
  await shop.associate(source);
});
afterEach(() => shop.close());

const metric = (name: string) => shop.metric('AWS/Events', name, { EventBusName: source, RuleName: 'paid' });

const FAILURES: [string, () => Promise<string>, string][] = [
  [
    'a function without a permission for the rule',
    () => shop.createFunction('orders', 'export const handler = async () => {}'),
    'NO_PERMISSIONS',
  ],
  [
    'a function that is gone',
    async () => {
      await shop.createFunction('orders', 'export const handler = async () => {}');
      await shop.functions.send(new DeleteFunctionCommand({ FunctionName: 'orders' }));
      return FUNCTION;
    },
    'NO_RESOURCE',
  ],
  ['a queue whose policy does not name EventBridge', () => shop.queue('orders', false), 'NO_PERMISSIONS'],
];

it.each(FAILURES)(
  '%s: the event goes to the target’s dead-letter queue at once',
  async (_what, target, code) => {
    const Arn = await target();
    const dead = await shop.queue('dead');
    await shop.rule(source, source, [{ Id: 'orders', Arn, DeadLetterConfig: { Arn: dead } }]);
    const { id } = await shop.sell();
    const message = await shop.nextMessage('dead');
    expect(JSON.parse(message.Body ?? '').detail.data.object.id).toBe(id);
    expect(message.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: code },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
    expect(await metric('FailedInvocations')).toBe(1);
  },
);

it.each(FAILURES)('%s: into nowhere when the dead-letter queue is not allowed', async (_what, target) => {
  const Arn = await target();
  const dead = await shop.queue('dead', false);
  await shop.rule(source, source, [{ Id: 'orders', Arn, DeadLetterConfig: { Arn: dead } }]);
  await shop.sell();
  // Nothing but a metric shows it.
  while ((await metric('InvocationsFailedToBeSentToDlq')) === 0) await shop.aMoment();
  expect(await shop.messages('dead')).toEqual([]);
  expect((await shop.stripe.events.list({ delivery_success: false })).data).toEqual([]);
});
