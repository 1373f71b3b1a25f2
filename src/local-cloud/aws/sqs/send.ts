import { createHash } from 'node:crypto';
import type { Principal } from '../../kernel/service.js';
import { invalidMessageContents, invalidParameter, invalidValue, missingParameter } from './errors.js';
import type { Draft } from './mailbox.js';
import { checkAttributes, md5OfAttributes, sizeOfAttributes } from './message-attributes.js';
import type { Queues } from './queues.js';
import type { MessageAttribute, MessageRecord, QueueRecord } from './records.js';

/** SendMessage's input, and each entry of SendMessageBatch. */
export interface SendInput {
  MessageBody?: string;
  DelaySeconds?: number;
  MessageAttributes?: Record<string, MessageAttribute>;
  MessageSystemAttributes?: Record<string, MessageAttribute>;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

/** Bytes of body and attributes together: what the limits count. */
export function messageSize(input: SendInput): number {
  return Buffer.byteLength(input.MessageBody ?? '') + sizeOfAttributes(input.MessageAttributes ?? {});
}

/** Checks a message against the queue's limits. Throws what SendMessage would. */
export function checkMessage(queue: QueueRecord, input: SendInput): void {
  if (!input.MessageBody) throw missingParameter('MessageBody');
  if (!onlyValidCharacters(input.MessageBody)) throw invalidMessageContents();
  checkAttributes(input.MessageAttributes ?? {});
  checkSystemAttributes(input.MessageSystemAttributes ?? {});
  const limit = Number(queue.attributes.MaximumMessageSize);
  if (messageSize(input) > limit)
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  const delay = input.DelaySeconds;
  if (delay !== undefined && (!Number.isInteger(delay) || delay < 0 || delay > 900))
    throw invalidValue(delay, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
  if (input.MessageDeduplicationId !== undefined)
    throw invalidValue(
      input.MessageDeduplicationId,
      'MessageDeduplicationId',
      'The request includes a parameter that is not valid for this queue type.',
    );
  if (input.MessageGroupId !== undefined && !/^[!-~]{1,128}$/.test(input.MessageGroupId))
    throw invalidValue(
      input.MessageGroupId,
      'MessageGroupId',
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
}

/** Puts a checked message on its queue. */
export function sendMessage(
  queues: Queues,
  queue: QueueRecord,
  input: SendInput,
  principal: Principal,
): MessageRecord {
  const trace = input.MessageSystemAttributes?.AWSTraceHeader?.StringValue;
  const draft: Draft = {
    body: input.MessageBody as string,
    attributes: input.MessageAttributes ?? {},
    senderId: senderId(principal),
    delaySeconds: input.DelaySeconds ?? Number(queue.attributes.DelaySeconds),
    ...(trace === undefined ? {} : { traceHeader: trace }),
    ...(input.MessageGroupId === undefined ? {} : { groupId: input.MessageGroupId }),
  };
  const message = queues.open(queue).send(draft);
  queues.metrics.count(queue.arn, 'NumberOfMessagesSent', 1);
  return message;
}

export function sendResult(message: MessageRecord): object {
  return {
    MessageId: message.id,
    MD5OfMessageBody: message.md5,
    MD5OfMessageAttributes: md5OfAttributes(message.attributes),
    MD5OfMessageSystemAttributes:
      message.traceHeader === undefined
        ? undefined
        : md5OfAttributes({ AWSTraceHeader: { DataType: 'String', StringValue: message.traceHeader } }),
  };
}

function checkSystemAttributes(attributes: Record<string, MessageAttribute>): void {
  for (const name of Object.keys(attributes))
    if (name !== 'AWSTraceHeader')
      throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
}

/** XML 1.0 characters: what a query-protocol message can carry. */
function onlyValidCharacters(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that SQS refuses
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(
    text,
  );
}

/** An id in AWS's form that is always the same for a principal: who sent is readable, nothing else. */
function senderId(principal: Principal): string {
  const unique = (text: string) => createHash('sha256').update(text).digest('hex').toUpperCase().slice(0, 17);
  if (principal.kind === 'service')
    return `AROA${unique(principal.service)}:${principal.service.split('.')[0]}`;
  if (principal.kind === 'user') return `AIDA${unique(principal.arn)}`;
  return `AROA${unique(principal.roleArn)}:${principal.arn.split('/').at(-1)}`;
}
