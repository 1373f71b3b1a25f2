import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.js';

const FAILS = 'export const handler = async () => { throw new Error("no order 42") }';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop({ speed: 6000 });
});
afterEach(() => shop.close());

const send = () =>
  shop.functions.send(
    new InvokeCommand({ FunctionName: 'orders', InvocationType: 'Event', Payload: Buffer.from('{"n":1}') }),
  );
const metric = (name: string) => shop.metric('AWS/Lambda', name, { FunctionName: 'orders' });

async function allowSending(Resource: string): Promise<void> {
  const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await shop.iam.send(new PutRolePolicyCommand({ RoleName: 'orders', PolicyName: 'dead', PolicyDocument }));
}

/** AWS refuses a queue that the role cannot write to, so that the right can only be lost afterwards. */
async function failingFunction(): Promise<void> {
  await shop.createFunction('orders', FAILS);
  const TargetArn = await shop.queue('dead');
  await allowSending(TargetArn);
  await shop.functions.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'orders', DeadLetterConfig: { TargetArn } }),
  );
}

it('an event that fails is tried three times, then it is in the dead-letter queue with the reason', async () => {
  await failingFunction();
  await send();
  const message = await shop.nextMessage('dead');
  expect(message.Body).toBe('{"n":1}');
  expect(message.MessageAttributes?.ErrorMessage?.StringValue).toBe('no order 42');
  expect(await metric('Errors')).toBe(3);
});

it('a queue that the role may not write to drops the event, and only DeadLetterErrors counts it', async () => {
  await failingFunction();
  await allowSending('arn:aws:sqs:eu-west-1:123456789012:another');
  await send();
  while ((await metric('DeadLetterErrors')) === 0) await shop.aMoment();
  expect(await shop.messages('dead')).toEqual([]);
});

it('a throttled event waits until there is room, and is not lost', async () => {
  const slow = 'export const handler = async () => new Promise((done) => setTimeout(done, 300))';
  await shop.createFunction('orders', slow);
  await shop.functions.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'orders', ReservedConcurrentExecutions: 1 }),
  );
  await Promise.all([send(), send(), send()]);
  while ((await metric('Invocations')) < 3) await shop.aMoment();
  expect(await metric('Throttles')).toBeGreaterThan(0);
  expect(await metric('AsyncEventsDropped')).toBe(0);
});
