import {
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MessagingCloud, startMessagingCloud } from '../messaging-cloud.js';
import { stackContext, typeNamed } from '../stack-context.js';

let world: MessagingCloud;
let sqs: SQSClient;

beforeEach(async () => {
  world = await startMessagingCloud();
  sqs = new SQSClient(world.client);
});

afterEach(() => world.close());

test('AWS::SQS::Queue is created with its name, attributes and tags, changed, read and deleted', async () => {
  const context = stackContext(world.cloud, 'Dlq');
  const type = typeNamed(world.cloud, 'AWS::SQS::Queue');
  const properties = {
    MessageRetentionPeriod: 1_209_600,
    SqsManagedSseEnabled: true,
    Tags: [{ Key: 'stage', Value: 'test' }],
  };
  const made = await type.create(properties, context);
  expect(made).toEqual({
    physicalId: `${world.url}/123456789012/shop-Dlq-ABCDEF123456`,
    attributes: {
      Arn: 'arn:aws:sqs:eu-west-1:123456789012:shop-Dlq-ABCDEF123456',
      QueueName: 'shop-Dlq-ABCDEF123456',
      QueueUrl: `${world.url}/123456789012/shop-Dlq-ABCDEF123456`,
    },
  });
  const QueueUrl = made.physicalId;
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({
    stage: 'test',
    'aws:cloudformation:stack-name': 'shop',
  });
  expect(await type.read(QueueUrl, properties, context)).toEqual(properties);

  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { MessageRetentionPeriod: '60' } }));
  expect(await type.read(QueueUrl, properties, context)).toEqual({
    ...properties,
    MessageRetentionPeriod: 60,
  });

  await type.update(QueueUrl, { VisibilityTimeout: 90 }, properties, context);
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ VisibilityTimeout: '90', MessageRetentionPeriod: '345600' });

  await type.delete(QueueUrl, {}, context);
  expect(await type.read(QueueUrl, properties, context)).toBeUndefined();
  await type.delete(QueueUrl, {}, context);
});

test('a named queue that exists already is not adopted', async () => {
  const type = typeNamed(world.cloud, 'AWS::SQS::Queue');
  await type.create({ QueueName: 'orders' }, stackContext(world.cloud));
  await expect(type.create({ QueueName: 'orders' }, stackContext(world.cloud))).rejects.toMatchObject({
    code: 'AlreadyExists',
  });
});

test('AWS::SQS::QueuePolicy puts its document on every queue and takes it away again', async () => {
  const context = stackContext(world.cloud);
  const queue = await typeNamed(world.cloud, 'AWS::SQS::Queue').create({ QueueName: 'orders' }, context);
  const type = typeNamed(world.cloud, 'AWS::SQS::QueuePolicy');
  const PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
  };
  const properties = { Queues: [queue.physicalId], PolicyDocument };
  const made = await type.create(properties, context);
  expect(await type.read(made.physicalId, properties, context)).toEqual(properties);
  await type.delete(made.physicalId, properties, context);
  expect(await type.read(made.physicalId, properties, context)).toBeUndefined();
});
