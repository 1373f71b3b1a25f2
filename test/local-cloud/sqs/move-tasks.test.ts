import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
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

const arn = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`;
const create = async (QueueName: string) =>
  (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl as string;
const start = (options: { DestinationArn?: string; MaxNumberOfMessagesPerSecond?: number } = {}) =>
  sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn('dlq'), ...options }));
const tasks = async () =>
  (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn('dlq'), MaxResults: 10 }))).Results ?? [];
const depth = async (QueueUrl: string) =>
  Number(
    (
      await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      )
    ).Attributes?.ApproximateNumberOfMessages,
  );

async function source(name = 'source'): Promise<string> {
  const url = await create(name);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dlq'), maxReceiveCount: 1 });
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { RedrivePolicy, VisibilityTimeout: '0' } }),
  );
  return url;
}

async function deadLetter(url: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: `m${n}` }));
  for (let n = 0; n < count * 2; n++)
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
}

test('a queue that no other queue names as its dead-letter queue is refused, as EventBridge DLQs are', async () => {
  await create('dlq');
  await expect(start()).rejects.toMatchObject({
    Code: 'InvalidParameterValue',
    message: 'Source queue must be configured as a Dead Letter Queue.',
  });
});

test('messages go back to where they came from, as new messages', async () => {
  const dlq = await create('dlq');
  const url = await source();
  await deadLetter(url, 3);
  expect(await depth(dlq)).toBe(3);
  await start();
  expect(await tasks()).toMatchObject([{ Status: 'RUNNING', TaskHandle: expect.any(String) }]);
  await world.clock.advance(2000);
  expect(await tasks()).toMatchObject([
    { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3, ApproximateNumberOfMessagesToMove: 3 },
  ]);
  expect([await depth(dlq), await depth(url)]).toEqual([0, 3]);
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['All'] }),
  );
  expect(Messages?.[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
});

test('a rate is kept, a second task is refused, and a cancelled one stops', async () => {
  const dlq = await create('dlq');
  await deadLetter(await source(), 5);
  await create('elsewhere');
  const { TaskHandle } = await start({ DestinationArn: arn('elsewhere'), MaxNumberOfMessagesPerSecond: 1 });
  await expect(start()).rejects.toThrow('There is already a task running.');
  await world.clock.advance(2000);
  expect(await depth(dlq)).toBe(3);
  await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  await world.clock.advance(5000);
  expect(await tasks()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 }]);
  expect(await depth(dlq)).toBe(3);
});

test('wrong handles and missing destinations are told apart', async () => {
  await create('dlq');
  await source();
  await expect(start({ DestinationArn: arn('nowhere') })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  const cancel = (TaskHandle: string) => sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  await expect(cancel('nonsense')).rejects.toThrow('Value for parameter TaskHandle is invalid.');
  const handle = (sourceArn: string) =>
    Buffer.from(JSON.stringify({ taskId: 'none', sourceArn })).toString('base64');
  await expect(cancel(handle(arn('nowhere')))).rejects.toThrow(
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  );
  await expect(cancel(handle(arn('dlq')))).rejects.toThrow('Task does not exist.');
});
