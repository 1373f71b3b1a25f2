import type { LocalCloud } from '../../kernel/cloud.js';
import type { Table } from '../../kernel/store.js';

/** A message attribute as the wire carries it; `BinaryValue` is base64. */
export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: string;
}

/** A queue, keyed by its ARN. Its URL is derived at read time, because the port differs between runs. */
export interface QueueRecord {
  arn: string;
  region: string;
  name: string;
  createdAt: number;
  modifiedAt: number;
  /** Settable attributes by AWS's names, as strings. */
  attributes: Record<string, string>;
  tags: Record<string, string>;
  /** Set while another purge is refused. */
  purging?: boolean;
}

/** What was sent. Written once, so that receiving a message does not write its body again. */
export interface MessageRecord {
  queueArn: string;
  id: string;
  body: string;
  md5: string;
  attributes: Record<string, MessageAttribute>;
  senderId: string;
  sentAt: number;
  visibleAt: number;
  traceHeader?: string;
  groupId?: string;
  /** The queue it was dead-lettered from. */
  deadLetterSource?: string;
}

/** What became of a message since: absent until it was first received. Keyed like the message. */
export interface ReceiptRecord {
  receives: number;
  firstReceivedAt: number;
  lastReceivedAt: number;
  visibleAt: number;
  /** Identifies the latest receive; older receipt handles are stale. */
  nonce: string;
}

export interface MoveTaskRecord {
  id: string;
  handle: string;
  region: string;
  sourceArn: string;
  destinationArn?: string;
  perSecond?: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  moved: number;
  toMove: number;
  startedAt: number;
  failureReason?: string;
}

export interface SqsTables {
  queues: Table<QueueRecord>;
  messages: Table<MessageRecord>;
  receipts: Table<ReceiptRecord>;
  moveTasks: Table<MoveTaskRecord>;
  /** Names deleted less than a minute ago, by queue ARN. */
  deletions: Table<{ arn: string; at: number }>;
}

export function sqsTables(cloud: LocalCloud): SqsTables {
  return {
    queues: cloud.store.table('sqs.queues'),
    messages: cloud.store.table('sqs.messages'),
    receipts: cloud.store.table('sqs.receipts'),
    moveTasks: cloud.store.table('sqs.moveTasks'),
    deletions: cloud.store.table('sqs.deletions'),
  };
}

export const messageKey = (queueArn: string, id: string) => `${queueArn}/${id}`;
