import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ACCOUNT, HOUR, openShop, type Shop } from './shop.js';

let shop: Shop;
let QueueUrl: string;
beforeEach(async () => {
  shop = await openShop();
  await shop.queue('orders');
  QueueUrl = `${shop.cloud.aws}/${ACCOUNT}/orders`;
  await shop.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'order 42' }));
});
afterEach(() => shop.close());

const receive = async () => {
  const { Messages } = await shop.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
  );
  return Messages?.[0];
};

it('a message that was not deleted in time comes again', async () => {
  expect((await receive())?.Attributes?.ApproximateReceiveCount).toBe('1');
  expect(await receive()).toBeUndefined();
  await shop.pass(60_000);
  expect(await receive()).toMatchObject({ Body: 'order 42', Attributes: { ApproximateReceiveCount: '2' } });
});

it('a receipt handle goes stale with the visibility: who was too slow no longer has the message', async () => {
  const ReceiptHandle = (await receive())?.ReceiptHandle;
  await shop.pass(60_000);
  const prolong = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 60 });
  await expect(shop.sqs.send(prolong)).rejects.toThrow(
    'Message does not exist or is not available for visibility timeout change.',
  );
  const second = await receive();
  // Says yes, and deletes nothing.
  await shop.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  await shop.pass(HOUR);
  expect((await receive())?.MessageId).toBe(second?.MessageId);
});

it('a batch answers 200 while some of its entries have failed', async () => {
  const ReceiptHandle = (await receive())?.ReceiptHandle;
  const { Successful, Failed } = await shop.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good', ReceiptHandle },
        { Id: 'bad', ReceiptHandle: 'not-a-handle' },
      ],
    }),
  );
  expect(Successful).toEqual([{ Id: 'good' }]);
  expect(Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
});
