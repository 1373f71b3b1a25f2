import type { Received } from './mailbox.js';
import { md5OfAttributes, selectAttributes } from './message-attributes.js';
import { receiptHandle } from './receipt-handle.js';

/** Which attributes a receive asks for. `AttributeNames` is the older name of `MessageSystemAttributeNames`. */
export interface Wanted {
  MessageSystemAttributeNames?: string[];
  AttributeNames?: string[];
  MessageAttributeNames?: string[];
}

/** A received message as ReceiveMessage shows it. */
export function present({ message, receipt }: Received, wanted: Wanted): object {
  const attributes = selectSystem(systemAttributes({ message, receipt }), [
    ...(wanted.MessageSystemAttributeNames ?? []),
    ...(wanted.AttributeNames ?? []),
  ]);
  const own = selectAttributes(message.attributes, wanted.MessageAttributeNames ?? []);
  const hasOwn = Object.keys(own).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(message.queueArn, message.id, receipt.nonce),
    MD5OfBody: message.md5,
    Body: message.body,
    ...(Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}),
    ...(hasOwn ? { MessageAttributes: own, MD5OfMessageAttributes: md5OfAttributes(own) } : {}),
  };
}

export function systemAttributes({ message, receipt }: Received): Record<string, string> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(receipt.receives),
    ApproximateFirstReceiveTimestamp: String(receipt.firstReceivedAt),
    ...(message.traceHeader === undefined ? {} : { AWSTraceHeader: message.traceHeader }),
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
}

function selectSystem(all: Record<string, string>, names: string[]): Record<string, string> {
  if (names.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
