import type { Operation } from '../../../kernel/service.js';
import { invalidValue, missingParameter } from '../errors.js';
import { longPoll } from '../long-poll.js';
import type { Queues } from '../queues.js';
import { readReceiptHandle } from '../receipt-handle.js';
import { present, type Wanted } from '../receive.js';
import type { QueueRecord } from '../records.js';
import { checkMessage, type SendInput, sendMessage, sendResult } from '../send.js';
import { onQueue } from './on-queue.js';
import { checkRange } from './queues.js';

interface ReceiveInput extends Wanted {
  QueueUrl?: string;
  MaxNumberOfMessages?: number;
  VisibilityTimeout?: number;
  WaitTimeSeconds?: number;
}

export interface HandleInput {
  ReceiptHandle?: string;
  VisibilityTimeout?: number;
}

/** Operations on single messages. */
export function messageOperations(queues: Queues): Record<string, Operation> {
  return {
    SendMessage: onQueue(queues, (queue, input: SendInput & { QueueUrl?: string }, call) => {
      checkMessage(queue, input);
      return sendResult(sendMessage(queues, queue, input, call.principal));
    }),
    ReceiveMessage: onQueue(queues, async (queue, input: ReceiveInput) => {
      checkReceive(input);
      const visibility = input.VisibilityTimeout ?? Number(queue.attributes.VisibilityTimeout);
      const wait = input.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
      const received = await longPoll(queues, queue.arn, input.MaxNumberOfMessages ?? 1, visibility, wait);
      return received.length > 0 ? { Messages: received.map((one) => present(one, input)) } : {};
    }),
    DeleteMessage: onQueue(queues, (queue, input: HandleInput & { QueueUrl?: string }) => {
      deleteMessage(queues, queue, input);
      return {};
    }),
    ChangeMessageVisibility: onQueue(queues, (queue, input: HandleInput & { QueueUrl?: string }) => {
      changeVisibility(queues, queue, input);
      return {};
    }),
  };
}

export function deleteMessage(queues: Queues, queue: QueueRecord, input: HandleInput): void {
  if (!input.ReceiptHandle) throw missingParameter('ReceiptHandle');
  const { id, nonce } = readReceiptHandle(input.ReceiptHandle, queue.arn);
  if (queues.open(queue).deleteWith(id, nonce)) queues.metrics.count(queue.arn, 'NumberOfMessagesDeleted', 1);
}

export function changeVisibility(queues: Queues, queue: QueueRecord, input: HandleInput): void {
  if (!input.ReceiptHandle) throw missingParameter('ReceiptHandle');
  if (input.VisibilityTimeout === undefined) throw missingParameter('VisibilityTimeout');
  const seconds = input.VisibilityTimeout;
  checkRange(
    seconds,
    'VisibilityTimeout',
    0,
    43_200,
    'VisibilityTimeout must be an integer between 0 and 43200.',
  );
  const { id, nonce } = readReceiptHandle(input.ReceiptHandle, queue.arn);
  const outcome = queues.open(queue).changeVisibility(id, nonce, seconds);
  if (outcome === 'not-in-flight')
    throw invalidValue(
      input.ReceiptHandle,
      'ReceiptHandle',
      'Message does not exist or is not available for visibility timeout change.',
    );
  if (outcome === 'too-long')
    throw invalidValue(
      seconds,
      'VisibilityTimeout',
      'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
    );
  queues.metrics.touch(queue.arn);
}

function checkReceive(input: ReceiveInput): void {
  checkRange(
    input.MaxNumberOfMessages,
    'MaxNumberOfMessages',
    1,
    10,
    'Must be between 1 and 10, if provided.',
  );
  checkRange(
    input.VisibilityTimeout,
    'VisibilityTimeout',
    0,
    43_200,
    'Must be >= 0 and <= 43200, if provided.',
  );
  checkRange(input.WaitTimeSeconds, 'WaitTimeSeconds', 0, 20, 'Must be >= 0 and <= 20, if provided.');
}
