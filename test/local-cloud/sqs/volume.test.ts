import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { MessageIndex } from '../../../src/local-cloud/aws/sqs/message-index.js';
import { OPERATOR } from '../../../src/local-cloud/kernel/cloud.js';
import { removeDirectory } from '../../support/directories.js';
import { startMessagingCloud } from '../messaging-cloud.js';

const COUNT = 100_000;

test('a hundred thousand messages are sent, received and deleted, and nothing is left of them', async () => {
  const world = await startMessagingCloud();
  const from = { principal: OPERATOR, region: 'eu-west-1' };
  const { QueueUrl } = (await world.cloud.call('sqs', 'CreateQueue', { QueueName: 'big' }, from)) as {
    QueueUrl: string;
  };
  const sqs = world.cloud.port('sqs');
  const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:big';
  for (let n = 0; n < COUNT; n++) sqs.send({ queueArn, body: `${n}`, principal: OPERATOR });
  const seen = new Set<string>();
  for (;;) {
    const messages = sqs.receive(queueArn, 10, 60);
    if (messages.length === 0) break;
    for (const { body, receiptHandle } of messages) {
      seen.add(body);
      sqs.delete(queueArn, receiptHandle);
    }
  }
  expect(seen.size).toBe(COUNT);
  expect(world.cloud.store.table('sqs.messages').size).toBe(0);
  expect(world.cloud.store.table('sqs.receipts').size).toBe(0);
  const read = (await world.cloud.call(
    'sqs',
    'GetQueueAttributes',
    { QueueUrl, AttributeNames: ['All'] },
    from,
  )) as {
    Attributes: Record<string, string>;
  };
  expect(read.Attributes.ApproximateNumberOfMessages).toBe('0');
  await world.close();
});

test('the index forgets what was removed, also what waits far in the future', () => {
  const index = new MessageIndex();
  const held = () =>
    JSON.stringify(index, (_key, value) => (value instanceof Map ? [...value] : value)).length;
  const cycle = (from: number) => {
    for (let n = from; n < from + 20_000; n++) {
      index.add(`${n}`, n, n, 'ready');
      const entry = index.take(1e15);
      if (entry) index.remove(entry.id);
    }
  };
  cycle(0);
  const before = held();
  for (let round = 1; round < 6; round++) cycle(round * 20_000);
  expect(index.size).toBe(0);
  // What may be left is the slack between sweeps, which does not grow with what went through.
  expect(held()).toBeLessThan(before + 200_000);
});

test('messages, receive counts and visibility survive a restart', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'local-cloud-'));
  const first = await startMessagingCloud(directory);
  let sqs = new SQSClient(first.client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  for (const MessageBody of ['hidden', 'ready'])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
  await first.close();

  const second = await startMessagingCloud(directory);
  sqs = new SQSClient(second.client);
  // The old URL's port is gone; only its path counts.
  const received = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
  );
  expect(received.Messages?.map(({ Body }) => Body)).toEqual(['ready']);
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes?.ApproximateNumberOfMessagesNotVisible).toBe('2');
  await second.clock.advance(600_000);
  const again = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
  );
  expect(again.Messages?.map(({ Attributes: own }) => own?.ApproximateReceiveCount)).toEqual(['2', '2']);
  await second.close();
  await removeDirectory(directory);
});
