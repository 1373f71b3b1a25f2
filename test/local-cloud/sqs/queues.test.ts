import {
  AddPermissionCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  RemovePermissionCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MessagingCloud, startMessagingCloud } from '../messaging-cloud.js';

let world: MessagingCloud;
let sqs: SQSClient;

beforeEach(async () => {
  world = await startMessagingCloud();
  sqs = new SQSClient(world.client);
});

afterEach(() => world.close());

const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
  (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl as string;
const set = (QueueUrl: string, Attributes: Record<string, string>) =>
  sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
const attributes = async (QueueUrl: string, ...AttributeNames: QueueAttributeName[]) =>
  (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;

test('a new queue has the attributes that AWS gives one', async () => {
  const url = await create('orders');
  expect(url).toBe(`${world.url}/123456789012/orders`);
  expect(await attributes(url, 'All')).toEqual({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    CreatedTimestamp: expect.stringMatching(/^\d{10}$/),
    DelaySeconds: '0',
    LastModifiedTimestamp: expect.stringMatching(/^\d{10}$/),
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    VisibilityTimeout: '30',
  });
  expect(await attributes(url)).toBeUndefined();
  await expect(attributes(url, 'Nonsense' as QueueAttributeName)).rejects.toThrow(
    'Unknown Attribute Nonsense.',
  );
});

test('creating the same queue again answers its URL; a different one of the name is refused', async () => {
  const url = await create('orders', { VisibilityTimeout: '60' });
  expect(await create('orders', { VisibilityTimeout: '60' })).toBe(url);
  expect(await create('orders')).toBe(url);
  await expect(create('orders', { VisibilityTimeout: '61' })).rejects.toMatchObject({
    name: 'QueueNameExists',
    message:
      'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
  });
});

test('a queue is found under any host, by name, and in its own region only', async () => {
  await create('orders');
  expect(await attributes('https://sqs.eu-west-1.amazonaws.com/123456789012/orders', 'QueueArn')).toEqual({
    QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
  });
  const found = await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }));
  expect(found.QueueUrl).toBe(`${world.url}/123456789012/orders`);
  const elsewhere = new SQSClient({ ...world.client, region: 'us-east-1' });
  await expect(elsewhere.send(new GetQueueUrlCommand({ QueueName: 'orders' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
    message: 'The specified queue does not exist.',
  });
});

test.each([
  [{ FifoQueue: 'true' }, 'does not support FIFO queues'],
  [{ ContentBasedDeduplication: 'true' }, 'Unknown Attribute ContentBasedDeduplication.'],
  [{ VisibilityTimeout: '43201' }, 'Invalid value for the parameter VisibilityTimeout.'],
  [{ MessageRetentionPeriod: '59' }, 'Invalid value for the parameter MessageRetentionPeriod.'],
  [{ Policy: 'no json' }, 'Invalid value for the parameter Policy.'],
  [{ RedrivePolicy: '{"maxReceiveCount":3}' }, 'does not contain mandatory attribute: deadLetterTargetArn'],
  [
    {
      RedrivePolicy:
        '{"maxReceiveCount":3,"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:nowhere"}',
    },
    'Dead letter target does not exist.',
  ],
])('CreateQueue refuses %o', async (given, message) => {
  await expect(create('orders', given)).rejects.toThrow(message);
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  });
});

test('a FIFO name is refused by name', async () => {
  await expect(create('orders.fifo')).rejects.toThrow(
    'does not support FIFO queues (queue name orders.fifo)',
  );
});

test('a KMS key and SQS-managed encryption replace each other', async () => {
  const url = await create('orders');
  await set(url, { KmsMasterKeyId: 'alias/orders' });
  expect(await attributes(url, 'All')).toMatchObject({
    KmsMasterKeyId: 'alias/orders',
    SqsManagedSseEnabled: 'false',
    KmsDataKeyReusePeriodSeconds: '300',
  });
  await set(url, { SqsManagedSseEnabled: 'true' });
  const now = await attributes(url, 'All');
  expect(now?.SqsManagedSseEnabled).toBe('true');
  expect(now).not.toHaveProperty('KmsMasterKeyId');
});

test('ListQueues pages by MaxResults and filters by prefix', async () => {
  for (const name of ['b-1', 'a-2', 'a-1', 'a-3']) await create(name);
  const first = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'a-', MaxResults: 2 }));
  const second = await sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: 'a-', MaxResults: 2, NextToken: first.NextToken }),
  );
  expect(
    [...(first.QueueUrls ?? []), ...(second.QueueUrls ?? [])].map((url) => url.split('/').at(-1)),
  ).toEqual(['a-1', 'a-2', 'a-3']);
  expect(second.NextToken).toBeUndefined();
  expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'zzz' }))).QueueUrls).toBeUndefined();
});

test('the name of a deleted queue is free again after a minute', async () => {
  const url = await create('orders');
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  await expect(create('orders')).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
  await world.clock.advance(60_000);
  await create('orders');
});

test('purging empties a queue, and not twice a minute', async () => {
  const url = await create('orders');
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  expect(await attributes(url, 'ApproximateNumberOfMessages')).toEqual({ ApproximateNumberOfMessages: '0' });
  await expect(sqs.send(new PurgeQueueCommand({ QueueUrl: url }))).rejects.toThrow(
    'Only one PurgeQueue operation on orders is allowed every 60 seconds.',
  );
  await world.clock.advance(60_000);
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
});

test('tags, permissions and dead-letter sources are kept and listed', async () => {
  const url = await create('orders');
  await sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { a: '1', b: '2' } }));
  await sqs.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['a'] }));
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ b: '2' });

  const permission = {
    QueueUrl: url,
    Label: 'other',
    AWSAccountIds: ['111122223333'],
    Actions: ['SendMessage'],
  };
  await sqs.send(new AddPermissionCommand(permission));
  await expect(sqs.send(new AddPermissionCommand(permission))).rejects.toThrow(
    'Value other for parameter Label is invalid. Reason: Already exists.',
  );
  const policy = JSON.parse((await attributes(url, 'Policy'))?.Policy ?? '{}');
  expect(policy.Statement).toMatchObject([
    { Sid: 'other', Action: 'SQS:SendMessage', Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
  ]);
  await sqs.send(new RemovePermissionCommand({ QueueUrl: url, Label: 'other' }));
  expect(await attributes(url, 'Policy')).toBeUndefined();

  const source = await create('source', {
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
      maxReceiveCount: 3,
    }),
  });
  const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }));
  expect(queueUrls).toEqual([source]);
});

test('a service may send only where the queue policy names it and its source', async () => {
  const url = await create('dlq');
  const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:dlq';
  const send = (sourceArn: string) =>
    world.cloud.port('sqs').send({
      queueArn,
      body: 'x',
      principal: { kind: 'service', service: 'events.amazonaws.com' },
      sourceArn,
    });
  expect(() => send('arn:rule/mine')).toThrow('not authorized to perform: sqs:sendmessage');
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:123456789012:rule/mine' } },
  };
  await set(url, { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
  send('arn:aws:events:eu-west-1:123456789012:rule/mine');
  expect(() => send('arn:aws:events:eu-west-1:123456789012:rule/other')).toThrow('not authorized');
  expect(await attributes(url, 'ApproximateNumberOfMessages')).toEqual({ ApproximateNumberOfMessages: '1' });
});
