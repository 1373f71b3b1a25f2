import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { unlessAbsent } from './errors.js';
import type { AwsSession } from './session.js';
import { QUEUE_ABSENT, type QueueMessage, readMessage } from './sqs.js';
import type { Tags } from './tags.js';

/** What happened to one entry of a batch: batches answer 200 even when entries fail. */
export interface BatchEntryResult {
  /** Index in what was given. */
  index: number;
  ok: boolean;
  code: string | null;
  message: string | null;
}

interface BatchAnswer {
  Successful?: { Id?: string | undefined }[] | undefined;
  Failed?: { Id?: string | undefined; Code?: string | undefined; Message?: string | undefined }[] | undefined;
}

export interface ReceiveOptions {
  /** 1–10. */
  most: number;
  /** Long poll, 0–20. */
  waitSeconds: number;
  visibilitySeconds: number;
}

export function sqsWrites(session: AwsSession) {
  return {
    /** Takes messages; they are hidden from others until the visibility ends or is given back. */
    receive(url: string, options: ReceiveOptions): Promise<QueueMessage[]> {
      return session.call('sqs', 'sqs:ReceiveMessage', async (client) => {
        const answer = await client.receiveMessage({
          QueueUrl: url,
          MaxNumberOfMessages: options.most,
          WaitTimeSeconds: options.waitSeconds,
          VisibilityTimeout: options.visibilitySeconds,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        });
        return (answer.Messages ?? []).map(readMessage);
      });
    },

    /** At most ten. One result per handle, in order. */
    deleteMessages(url: string, receiptHandles: readonly string[]): Promise<BatchEntryResult[]> {
      return session.call('sqs', 'sqs:DeleteMessage', async (client) =>
        results(
          receiptHandles.length,
          await client.deleteMessageBatch({
            QueueUrl: url,
            Entries: receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
          }),
        ),
      );
    },

    /** At most ten. `seconds` from now; 0 gives the messages back at once. */
    changeVisibility(
      url: string,
      receiptHandles: readonly string[],
      seconds: number,
    ): Promise<BatchEntryResult[]> {
      return session.call('sqs', 'sqs:ChangeMessageVisibility', async (client) =>
        results(
          receiptHandles.length,
          await client.changeMessageVisibilityBatch({
            QueueUrl: url,
            Entries: receiptHandles.map((ReceiptHandle, index) => ({
              Id: String(index),
              ReceiptHandle,
              VisibilityTimeout: seconds,
            })),
          }),
        ),
      );
    },

    /** Changes attributes (`Policy`, `MessageRetentionPeriod`…); others stay. */
    async setAttributes(url: string, attributes: Partial<Record<QueueAttributeName, string>>): Promise<void> {
      await session.call('sqs', 'sqs:SetQueueAttributes', (client) =>
        client.setQueueAttributes({ QueueUrl: url, Attributes: attributes }),
      );
    },

    async tag(url: string, tags: Tags): Promise<void> {
      await session.call('sqs', 'sqs:TagQueue', (client) => client.tagQueue({ QueueUrl: url, Tags: tags }));
    },

    /** With everything in it. One that is gone is fine. */
    async deleteQueue(url: string): Promise<void> {
      await session.call('sqs', 'sqs:DeleteQueue', (client) =>
        unlessAbsent(client.deleteQueue({ QueueUrl: url }), ...QUEUE_ABSENT),
      );
    },
  };
}

/** An entry that neither list names counts as failed. */
function results(count: number, answer: BatchAnswer): BatchEntryResult[] {
  const done = new Set(answer.Successful?.map((entry) => entry.Id));
  return Array.from({ length: count }, (_, index) => {
    const failed = answer.Failed?.find((entry) => entry.Id === String(index));
    const ok = done.has(String(index)) && !failed;
    return {
      index,
      ok,
      code: failed?.Code ?? (ok ? null : 'Missing'),
      message: failed?.Message ?? (ok ? null : 'the answer does not name this entry'),
    };
  });
}
