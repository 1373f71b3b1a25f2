import { AwsError, type Operation } from '../../../kernel/service.js';
import { batchTooLong, emptyBatch, entryIdsNotDistinct, invalidEntryId, tooManyEntries } from '../errors.js';
import type { Queues } from '../queues.js';
import { checkMessage, messageSize, type SendInput, sendMessage, sendResult } from '../send.js';
import { changeVisibility, deleteMessage, type HandleInput } from './messages.js';
import { onQueue } from './on-queue.js';

interface Entry {
  Id?: string;
}

interface Batch<E> {
  QueueUrl?: string;
  Entries?: (E & Entry)[];
}

const LARGEST_BATCH = 1_048_576;

/** The batch operations: HTTP 200 with a result per entry, some of which may have failed. */
export function batchOperations(queues: Queues): Record<string, Operation> {
  return {
    SendMessageBatch: onQueue(
      queues,
      (queue, input: Batch<SendInput>, call) => {
        const entries = checked(input.Entries, 'SendMessageBatchRequestEntry');
        const bytes = entries.reduce((sum, entry) => sum + messageSize(entry), 0);
        if (bytes > LARGEST_BATCH) throw batchTooLong(bytes, LARGEST_BATCH);
        return each(entries, (entry) => {
          checkMessage(queue, entry);
          return sendResult(sendMessage(queues, queue, entry, call.principal));
        });
      },
      'sqs:SendMessage',
    ),
    DeleteMessageBatch: onQueue(
      queues,
      (queue, input: Batch<HandleInput>) =>
        each(checked(input.Entries, 'DeleteMessageBatchRequestEntry'), (entry) => {
          deleteMessage(queues, queue, entry);
          return {};
        }),
      'sqs:DeleteMessage',
    ),
    ChangeMessageVisibilityBatch: onQueue(
      queues,
      (queue, input: Batch<HandleInput>) =>
        each(checked(input.Entries, 'ChangeMessageVisibilityBatchRequestEntry'), (entry) => {
          changeVisibility(queues, queue, entry);
          return {};
        }),
      'sqs:ChangeMessageVisibility',
    ),
  };
}

function checked<E>(given: (E & Entry)[] | undefined, kind: string): (E & { Id: string })[] {
  const entries = given ?? [];
  if (entries.length === 0) throw emptyBatch(kind);
  if (entries.length > 10) throw tooManyEntries(entries.length);
  const seen = new Set<string>();
  for (const { Id: id } of entries) {
    if (id === undefined || !/^[A-Za-z0-9_-]{1,80}$/.test(id)) throw invalidEntryId();
    if (seen.has(id)) throw entryIdsNotDistinct(id);
    seen.add(id);
  }
  return entries as (E & { Id: string })[];
}

function each<E extends { Id: string }>(entries: E[], act: (entry: E) => object): object {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const code = (error.fields.queryCode as string | undefined) ?? error.code;
      failed.push({ Id: entry.Id, SenderFault: error.status < 500, Code: code, Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 ? { Successful: successful } : {}),
    ...(failed.length > 0 ? { Failed: failed } : {}),
  };
}
