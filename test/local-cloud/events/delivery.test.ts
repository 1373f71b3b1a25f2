import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  PutEventsCommand,
  PutPermissionCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import type { Message } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AwsError } from '../../../src/local-cloud/kernel/service.js';
import { askAdmin } from '../../support/local-cloud.js';
import { ACCOUNT, EVENT, FUNCTION, RULE_ARN, type Shop, SOURCE, startShop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await startShop();
  await shop.source();
  await shop.bus();
});

afterEach(() => shop.close());

const both = { EventBusName: SOURCE, RuleName: 'paid' };
const DAY = 86_400_000;
const toFunction = (more: Partial<Target> = {}): Target => ({ Id: 'orders', Arn: FUNCTION, ...more });
const refuse = (code: string, status: number) => {
  shop.lambda.answer = () => {
    throw new AwsError(code, 'refused by the test', status);
  };
};
const reasons = (message: Message | undefined) =>
  Object.fromEntries(
    Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
  );

test.each([
  ['AccessDeniedException', 403, 'NO_PERMISSIONS'],
  ['ResourceNotFoundException', 404, 'NO_RESOURCE'],
])(
  '%s goes to the dead-letter queue at once, with the event and the reason',
  async (code, status, reason) => {
    const dlq = await shop.queue('dlq');
    await shop.rule([toFunction({ DeadLetterConfig: { Arn: dlq } })]);
    refuse(code, status);
    shop.stripeSends();
    await shop.clock.advance(1000);
    const [message] = await shop.messages('dlq');
    expect(JSON.parse(String(message?.Body))).toMatchObject({ source: SOURCE, detail: EVENT });
    expect(reasons(message)).toEqual({
      RULE_ARN,
      TARGET_ARN: FUNCTION,
      ERROR_CODE: reason,
      ERROR_MESSAGE: 'refused by the test',
      RETRY_ATTEMPTS: '0',
    });
    expect(shop.sum('FailedInvocations', both)).toBe(1);
    expect(shop.sum('InvocationsSentToDlq', both)).toBe(1);
    expect(shop.sum('RetryInvocationAttempts', both)).toBe(0);
  },
);

test('a dead-letter queue that does not name EventBridge loses the event, and only a metric shows it', async () => {
  const dlq = await shop.queue('dlq', false);
  await shop.rule([toFunction({ DeadLetterConfig: { Arn: dlq } })]);
  refuse('AccessDeniedException', 403);
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect(await shop.messages('dlq')).toEqual([]);
  expect(shop.sum('InvocationsFailedToBeSentToDlq', both)).toBe(1);
  expect(shop.cloud.store.table('events.deliveries').size).toBe(0);
});

test('throttling is retried with growing waits until the target answers', async () => {
  await shop.rule([toFunction()]);
  let calls = 0;
  shop.lambda.answer = () => {
    calls += 1;
    if (calls < 4) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
  };
  shop.stripeSends();
  await shop.clock.advance(60_000);
  expect(shop.invoked).toHaveLength(1);
  expect(shop.sum('RetryInvocationAttempts', both)).toBe(3);
  expect(shop.sum('Invocations', both)).toBe(1);
  expect(shop.sum('FailedInvocations', both)).toBe(0);
});

test.each([
  [{ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 86_400 }, 'MaximumRetryAttempts', '2'],
  [
    { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 60 },
    'MaximumEventAgeInSeconds',
    expect.stringMatching(/^[4-9]$/),
  ],
])('retries end by %o', async (RetryPolicy, condition, attempts) => {
  const dlq = await shop.queue('dlq');
  await shop.rule([toFunction({ DeadLetterConfig: { Arn: dlq }, RetryPolicy })]);
  refuse('ServiceException', 500);
  shop.stripeSends();
  await shop.clock.advance(300_000);
  const [message] = await shop.messages('dlq');
  expect(reasons(message)).toMatchObject({
    ERROR_CODE: 'ERROR_FROM_TARGET',
    EXHAUSTED_RETRY_CONDITION: condition,
    RETRY_ATTEMPTS: attempts,
  });
});

test('without a retry policy an event is tried for a day', async () => {
  await shop.rule([toFunction()]);
  refuse('ServiceException', 500);
  shop.stripeSends();
  await shop.clock.advance(DAY - 20 * 60_000);
  expect(shop.cloud.store.table('events.deliveries').size).toBe(1);
  await shop.clock.advance(40 * 60_000);
  expect(shop.cloud.store.table('events.deliveries').size).toBe(0);
  expect(shop.sum('FailedInvocations', both)).toBe(1);
});

test('faults of InvokeTarget make deliveries fail and be retried', async () => {
  await shop.rule([toFunction()]);
  shop.cloud.faults.set([{ service: 'events', operation: 'InvokeTarget', kind: 'throttle', times: 2 }]);
  shop.stripeSends();
  await shop.clock.advance(30_000);
  expect(shop.invoked).toHaveLength(1);
  expect(shop.sum('RetryInvocationAttempts', both)).toBe(2);
});

test('queues and topics are targets too', async () => {
  const queue = await shop.queue('copy');
  await shop.rule([
    { Id: 'queue', Arn: queue },
    { Id: 'topic', Arn: `arn:aws:sns:eu-west-1:${ACCOUNT}:sales` },
  ]);
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect((await shop.messages('copy')).map(({ Body }) => JSON.parse(String(Body)).detail.id)).toEqual([
    'evt_1',
  ]);
  expect(shop.published.map(({ message }) => JSON.parse(message).detail.id)).toEqual(['evt_1']);
});

test('a log group takes events once a log resource policy names EventBridge', async () => {
  const logs = new CloudWatchLogsClient(shop.client);
  const group = '/aws/events/payments';
  const arn = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${group}`;
  const dlq = await shop.queue('dlq');
  await shop.rule([{ Id: 'log', Arn: arn, DeadLetterConfig: { Arn: dlq } }]);
  const send = async () => {
    shop.stripeSends();
    await shop.clock.advance(1000);
    return reasons((await shop.messages('dlq'))[0]).ERROR_CODE;
  };
  expect(await send()).toBe('NO_RESOURCE');
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  expect(await send()).toBe('NO_PERMISSIONS');
  const statement = {
    Effect: 'Allow',
    Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${arn}:*`,
  };
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await logs.send(new PutResourcePolicyCommand({ policyName: 'events', policyDocument }));
  expect(await send()).toBeUndefined();
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: group }));
  expect(events?.map(({ message }) => JSON.parse(String(message)).detail.id)).toEqual(['evt_1']);
});

test('partner events reach the default bus by a rule that forwards them, once and with permission', async () => {
  const defaultBus = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/default`;
  const dlq = await shop.queue('dlq');
  await shop.rule([{ Id: 'forward', Arn: defaultBus, DeadLetterConfig: { Arn: dlq } }]);
  await shop.rule([toFunction()], 'default');
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect(reasons((await shop.messages('dlq'))[0])).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS' });

  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'events:PutEvents',
    Resource: defaultBus,
  };
  await shop.events.send(
    new PutPermissionCommand({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) }),
  );
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect(shop.invoked.map(({ sourceArn }) => sourceArn)).toEqual([
    `arn:aws:events:eu-west-1:${ACCOUNT}:rule/paid`,
  ]);
  expect(shop.sum('Invocations', { RuleName: 'paid' })).toBe(1);
});

test('duplicates come on demand, and only then', async () => {
  await shop.rule([toFunction()]);
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect(shop.invoked).toHaveLength(1);
  const put = (body: object) =>
    askAdmin({ aws: shop.url, cloud: shop.cloud }, 'events/unkindness', 'PUT', body);
  expect((await put({ duplicateRate: 2 })).status).toBe(400);
  expect(await (await put({ duplicateRate: 1, reorder: true })).json()).toEqual({
    duplicateRate: 1,
    reorder: true,
  });
  shop.stripeSends();
  await shop.clock.advance(20_000);
  expect(shop.invoked).toHaveLength(3);
});

test.each<[Partial<Target>, unknown]>([
  [{ Input: '{"fixed":true}' }, { fixed: true }],
  [{ InputPath: '$.detail.data.object' }, EVENT.data.object],
  [
    {
      InputTransformer: {
        InputPathsMap: { id: '$.detail.id', object: '$.detail.data.object', none: '$.detail.none' },
        InputTemplate:
          '{"id":<id>,"text":"event <id>","object":<object>,"rule":"<aws.events.rule-name>","none":<none>}',
      },
    },
    { id: 'evt_1', text: 'event evt_1', object: EVENT.data.object, rule: 'paid', none: '' },
  ],
  [
    { InputTransformer: { InputPathsMap: { id: '$.detail.id' }, InputTemplate: '"Event <id> came"' } },
    'Event evt_1 came',
  ],
])('a target receives what %o makes of the event', async (input, expected) => {
  await shop.rule([toFunction(input)]);
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect(JSON.parse(String(shop.invoked[0]?.payload))).toEqual(expected);
});

test.each<[Partial<Target>, string]>([
  [
    { Input: '{}', InputPath: '$.detail' },
    'Only one of Input, InputPath, or InputTransformer must be provided for target orders.',
  ],
  [
    { InputTransformer: { InputTemplate: '"<unknown>"' } },
    'InputTemplate for target orders contains invalid placeholder unknown.',
  ],
  [{ RetryPolicy: { MaximumRetryAttempts: 186 } }, 'have value less than or equal to 185'],
  [{ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }, 'have value greater than or equal to 60'],
  [{ Id: '!@#$' }, "Value '!@#$' at 'targets.1.member.id' failed to satisfy constraint"],
  [
    { DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:123456789012:dlq' } },
    'is not a standard SQS queue of eu-west-1',
  ],
  [{ Arn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:x' }, 'has no deliveries to states'],
])('PutTargets refuses %o', async (wrong, message) => {
  await shop.rule([toFunction()]);
  const put = new PutTargetsCommand({ Rule: 'paid', EventBusName: SOURCE, Targets: [toFunction(wrong)] });
  await expect(shop.events.send(put)).rejects.toThrow(message);
});

test('PutEvents goes to custom buses only: per-entry errors, partner buses and foreign sources refused', async () => {
  await shop.rule([toFunction()], 'default', JSON.stringify({ source: ['shop'] }));
  const entry = { Source: 'shop', DetailType: 'Test', Detail: '{"id":"own"}' };
  const { Entries, FailedEntryCount } = await shop.events.send(
    new PutEventsCommand({
      Entries: [
        entry,
        { ...entry, Source: SOURCE },
        { ...entry, Detail: 'no json' },
        { DetailType: 'Test', Detail: '{}' },
      ],
    }),
  );
  expect(FailedEntryCount).toBe(3);
  expect(Entries).toMatchObject([
    { EventId: expect.any(String) },
    { ErrorCode: 'NotAuthorizedForSourceException' },
    { ErrorCode: 'MalformedDetail' },
    {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.',
    },
  ]);
  await shop.clock.advance(1000);
  expect(shop.invoked.map(({ payload }) => JSON.parse(payload).detail.id)).toEqual(['own']);
  await expect(
    shop.events.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: SOURCE }] })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
  });
});
