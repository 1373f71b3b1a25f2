import type { DeadLetter } from '../../handlers/contract/dead-letter.js';
import type { QueueMessage } from '../aws/sqs.js';
import type { PathQueue } from '../world/payment-path.js';

/** A dead-letter queue of the payment path, as it was when the run began. */
export interface ReplayQueue extends PathQueue {
  /**
   * Epoch milliseconds: what was sent since can only come from the rule or the function, so what an envelope says of
   * itself is believed. Null: others may send.
   */
  trustedSince: number | null;
  /** Approximate, as SQS says itself. */
  waiting: number;
  /** Held by somebody: another run, or one that was killed a moment ago. */
  inFlight: number;
  retentionSeconds: number;
  /** Received too often, SQS moves its messages to yet another queue. */
  redrives: boolean;
}

/** A message that is held, read. */
export interface DeadMessage {
  queue: ReplayQueue;
  message: QueueMessage;
  letter: DeadLetter;
}

/** How a message ended in a run. Exactly one for each message that was received. */
export type MessageOutcome =
  /** The function said that it took the event; the message is gone from the queue. */
  | 'processed'
  /** Another message with an event that this run had processed; gone without a second delivery. */
  | 'repeated'
  /** The function took the event, but SQS would not delete the message: it will come again, and change nothing. */
  | 'undeleted'
  /** Could not be delivered; back in the queue. */
  | 'failed'
  /** Can never be delivered as it is; still in the queue. */
  | 'unusable'
  /** The same, moved out of the queue into a file. */
  | 'quarantined'
  /** Not asked for by filter or maximum; back in the queue. */
  | 'passed-over'
  /** Came into the queue after the run began; back in the queue. */
  | 'newer'
  /** The run stopped before its turn; back in the queue. */
  | 'untried';

/** The fates after which the message is no longer in the queue. */
export const GONE: readonly MessageOutcome[] = ['processed', 'repeated', 'quarantined'];

/** What is told of a message: ids, times and reasons; never its body. */
export interface MessageEntry {
  queue: string;
  purpose: PathQueue['purpose'];
  messageId: string;
  /** ISO 8601: when it came into the queue. */
  sentAt: string | null;
  /** ISO 8601: when SQS drops it. */
  lostAt: string | null;
  receiveCount: number;
  origin: DeadLetter['origin'];
  content: DeadLetter['content']['kind'];
  eventId: string | null;
  eventType: string | null;
  orderId: string | null;
  /** Why it is there: the word to group and filter by, and the sender's own text. */
  reason: string;
  reasonText: string | null;
  attempts: number | null;
}

export function entryOf({ queue, message, letter }: DeadMessage): MessageEntry {
  const sent = message.sentAt === null ? null : Date.parse(message.sentAt);
  return {
    queue: queue.name,
    purpose: queue.purpose,
    messageId: message.messageId,
    sentAt: message.sentAt,
    lostAt: sent === null ? null : new Date(sent + queue.retentionSeconds * 1000).toISOString(),
    receiveCount: message.receiveCount,
    origin: letter.origin,
    content: letter.content.kind,
    eventId: letter.eventId,
    eventType: letter.eventType,
    orderId: letter.orderId,
    reason: letter.failure.code,
    reasonText: letter.content.kind === 'unreadable' ? letter.content.why : letter.failure.message,
    attempts: letter.failure.attempts,
  };
}
