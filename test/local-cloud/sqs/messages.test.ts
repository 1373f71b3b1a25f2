import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type MessagingCloud, startMessagingCloud } from '../messaging-cloud.js';

let world: MessagingCloud;
let sqs: SQSClient;
let url: string;

beforeEach(async () => {
  world = await startMessagingCloud();
  sqs = new SQSClient(world.client);
  url = await create('orders');
});

afterEach(() => world.close());

async function create(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return QueueUrl as string;
}

const send = (body: string) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
const receive = async (options: object = {}) =>
  (
    await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['All'], ...options }),
    )
  ).Messages ?? [];
/** A long poll that has found nothing and waits. */
async function startPolling() {
  const clock = vi.spyOn(world.clock, 'at');
  const polled = sqs
    .send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        WaitTimeSeconds: 20,
        MessageSystemAttributeNames: ['All'],
      }),
    )
    .then(({ Messages }) => Messages);
  // It sets its own end.
  await vi.waitFor(() => expect(clock).toHaveBeenCalled(), { timeout: 60_000, interval: 5 });
  clock.mockRestore();
  return { polled };
}
const depth = async (queueUrl = url) => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    delayed: Number(Attributes?.ApproximateNumberOfMessagesDelayed),
  };
};

test('a message comes with body, attributes and receive count, and is hidden until its visibility ends', async () => {
  const attributes = {
    RULE_ARN: { DataType: 'String', StringValue: 'arn:rule' },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
  };
  const sent = await sqs.send(
    new SendMessageCommand({ QueueUrl: url, MessageBody: 'Zahlung ✓', MessageAttributes: attributes }),
  );
  const [first] = await receive({ MessageAttributeNames: ['All'], VisibilityTimeout: 60 });
  expect(first?.Body).toBe('Zahlung ✓');
  expect(first?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  expect(first?.MessageAttributes?.raw?.BinaryValue).toEqual(new Uint8Array([1, 2, 255]));
  expect(first?.Attributes).toMatchObject({
    ApproximateReceiveCount: '1',
    SentTimestamp: expect.stringMatching(/^\d{13}$/),
  });
  expect(await receive()).toEqual([]);
  expect(await depth()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await world.clock.advance(60_000);
  const [again] = await receive();
  expect(again?.MessageId).toBe(sent.MessageId);
  expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
});

test('the MD5 of message attributes is the known one of the AWS documentation algorithm', async () => {
  const sent = await sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: 'x',
      MessageAttributes: { 'test.attribute': { DataType: 'String', StringValue: 'value' } },
    }),
  );
  // Computed with the algorithm's layout written out: lengths, name, type, marker, value.
  const { createHash } = await import('node:crypto');
  const part = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
  const layout = Buffer.concat([part('test.attribute'), part('String'), Buffer.from([1]), part('value')]);
  expect(sent.MD5OfMessageAttributes).toBe(createHash('md5').update(layout).digest('hex'));
});

test('attribute names select by name and by prefix', async () => {
  const text = (value: string) => ({ DataType: 'String', StringValue: value });
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: 'x',
      MessageAttributes: { 'trace.id': text('1'), 'trace.parent': text('2'), other: text('3') },
    }),
  );
  const [message] = await receive({ MessageAttributeNames: ['trace.*'] });
  expect(Object.keys(message?.MessageAttributes ?? {}).sort()).toEqual(['trace.id', 'trace.parent']);
});

test('deleting with a stale receipt handle succeeds and deletes nothing', async () => {
  await send('one');
  const [first] = await receive({ VisibilityTimeout: 1 });
  await world.clock.advance(1000);
  const [second] = await receive({ VisibilityTimeout: 30 });
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  expect(await depth()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle }));
  expect(await depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('visibility set to zero returns a message at once; a visible one cannot be changed', async () => {
  await send('one');
  const [message] = await receive();
  const change = (seconds: number) =>
    sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  await change(0);
  expect(await depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  await expect(change(10)).rejects.toThrow(
    'Message does not exist or is not available for visibility timeout change.',
  );
});

test('a long poll ends with the message that arrives while it waits', async () => {
  const waiting = receive({ WaitTimeSeconds: 20 });
  await send('late');
  expect((await waiting).map(({ Body }) => Body)).toEqual(['late']);
});

test('a long poll ends with the message whose visibility ends while it waits', async () => {
  await send('one');
  await receive({ VisibilityTimeout: 5 });
  const { polled } = await startPolling();
  await world.clock.advance(5000);
  expect((await polled)?.[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
});

test('a long poll waits as long as it says, and as delays do, also where what the clouds do passes faster', async () => {
  world.clock.setMode('hasten', 600);
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'later', DelaySeconds: 1 }));
  const first = await receive({ WaitTimeSeconds: 20, VisibilityTimeout: 1 });
  expect(first.map(({ Body }) => Body)).toEqual(['later']);
  const second = await receive({ WaitTimeSeconds: 20 });
  expect(second.map(({ MessageId }) => MessageId)).toEqual([first[0]?.MessageId]);
});

test('a long poll is over before what time brings later, also where time moves on in one step', async () => {
  world.clock.setMode('hasten', 1_000_000);
  await send('hidden');
  await receive({ VisibilityTimeout: 60 });
  const { polled } = await startPolling();
  expect(await depth()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await world.clock.advance(61_000);
  expect(await polled).toBeUndefined();
  expect(await depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
});

test('an empty long poll answers without Messages when its time is over', async () => {
  const { polled } = await startPolling();
  await world.clock.advance(20_000);
  expect(await polled).toBeUndefined();
});

test('a delayed message is counted as delayed and comes when its delay is over', async () => {
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'later', DelaySeconds: 60 }));
  expect(await receive()).toEqual([]);
  expect(await depth()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
  await world.clock.advance(60_000);
  expect((await receive())[0]?.Body).toBe('later');
});

test('messages outlive their retention by nothing', async () => {
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { MessageRetentionPeriod: '3600' } }),
  );
  await send('old');
  await world.clock.advance(3_599_000);
  expect((await depth()).visible).toBe(1);
  await world.clock.advance(2000);
  expect((await depth()).visible).toBe(0);
});

test('batches report each entry; what fails does not stop the rest', async () => {
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { MaximumMessageSize: '1024' } }),
  );
  const sent = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'good', MessageBody: 'fine' },
        { Id: 'big', MessageBody: 'x'.repeat(1025) },
      ],
    }),
  );
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good']);
  expect(sent.Failed).toMatchObject([{ Id: 'big', SenderFault: true, Code: 'InvalidParameterValue' }]);
  const [message] = await receive();
  const deleted = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', ReceiptHandle: message?.ReceiptHandle },
        { Id: 'b', ReceiptHandle: 'not-a-handle' },
      ],
    }),
  );
  expect(deleted.Successful?.map(({ Id }) => Id)).toEqual(['a']);
  expect(deleted.Failed).toMatchObject([{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }]);
});

test.each([
  [[], 'There should be at least one'],
  [
    Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' })),
    'Maximum number of entries per request are 10. You have sent 11.',
  ],
  [
    [
      { Id: 'same', MessageBody: 'x' },
      { Id: 'same', MessageBody: 'y' },
    ],
    'Id same repeated.',
  ],
  [[{ Id: 'with space', MessageBody: 'x' }], 'A batch entry id can only contain'],
  [
    [
      { Id: 'a', MessageBody: 'x'.repeat(600_000) },
      { Id: 'b', MessageBody: 'x'.repeat(600_000) },
    ],
    'Batch requests cannot be longer than 1048576 bytes. You have sent 1200000 bytes.',
  ],
])('a batch that is wrong as a whole is refused (%#)', async (entries, message) => {
  await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }))).rejects.toThrow(
    message,
  );
});

test.each([
  [{ MaxNumberOfMessages: 11 }, 'Must be between 1 and 10, if provided.'],
  [{ WaitTimeSeconds: 21 }, 'Must be >= 0 and <= 20, if provided.'],
  [{ VisibilityTimeout: 43_201 }, 'Must be >= 0 and <= 43200, if provided.'],
])('ReceiveMessage refuses %o', async (options, reason) => {
  await expect(receive(options)).rejects.toThrow(reason);
});

test('a message over 1 MiB, an empty one and one with control characters are refused', async () => {
  await expect(send('x'.repeat(1_048_577))).rejects.toThrow('Message must be shorter than 1048576 bytes.');
  await expect(send('')).rejects.toThrow('The request must contain the parameter MessageBody.');
  await expect(send('\u0001')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
  await send('😀');
});

test('received too often, a message goes to the dead-letter queue with its age and count', async () => {
  const deadLetters = await create('orders-dlq');
  const target = 'arn:aws:sqs:eu-west-1:123456789012:orders-dlq';
  await sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: url,
      Attributes: {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: target, maxReceiveCount: 2 }),
        VisibilityTimeout: '1',
      },
    }),
  );
  const { MessageId } = await send('poison');
  for (let time = 0; time < 2; time++) {
    expect(await receive()).toHaveLength(1);
    await world.clock.advance(1000);
  }
  expect(await receive()).toEqual([]);
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deadLetters, MessageSystemAttributeNames: ['All'] }),
  );
  expect(Messages).toMatchObject([
    {
      MessageId,
      Body: 'poison',
      Attributes: {
        ApproximateReceiveCount: '3',
        DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
      },
    },
  ]);
});
