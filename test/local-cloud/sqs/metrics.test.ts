import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MessagingCloud, startMessagingCloud } from '../messaging-cloud.js';

let world: MessagingCloud;

beforeEach(async () => {
  world = await startMessagingCloud();
});

afterEach(() => world.close());

const values = (name: string) =>
  world.data
    .filter((datum) => datum.name === name && datum.dimensions.QueueName === 'orders')
    .map(({ value }) => value);

test('depth and age are measured while messages are there, and once more when they are gone', async () => {
  const sqs = new SQSClient(world.client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  // Half a second more than three minutes and the first second: real milliseconds pass while time is moved on.
  await world.clock.advance(181_500);
  expect(values('ApproximateNumberOfMessagesVisible')).toEqual([1, 1, 1, 1]);
  expect(values('ApproximateAgeOfOldestMessage')).toEqual([1, 61, 121, 181]);
  expect(values('NumberOfMessagesSent')).toEqual([1]);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
  await world.clock.advance(3_600_000);
  expect(values('ApproximateNumberOfMessagesVisible')).toEqual([1, 1, 1, 1, 0]);
  expect(values('NumberOfMessagesReceived')).toEqual([1]);
  expect(values('NumberOfMessagesDeleted')).toEqual([1]);
});

test('a sample measures a region at once', async () => {
  const sqs = new SQSClient(world.client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  world.cloud.port('sqs').sample?.('us-east-1');
  expect(values('ApproximateNumberOfMessagesVisible')).toEqual([]);
  world.cloud.port('sqs').sample?.('eu-west-1');
  expect(values('ApproximateNumberOfMessagesVisible')).toEqual([1]);
});
