import { findOtherSenders, type QueueAccess, type QueueSenders } from './senders.js';

/** A change of a queue's attributes holds everywhere after so long (API reference, SetQueueAttributes); times are whole seconds. */
const SPREAD_MS = 61_000;

export interface ChangeableQueue extends QueueAccess {
  /** Epoch milliseconds; null: not known. Any attribute counts, as SQS does not say which changed. */
  modifiedAt: number | null;
}

/**
 * Since when nobody but the expected can have sent to a queue, in epoch milliseconds; null: others may, or it is not
 * known. What was sent before may be anybody's, also after the policy was put back. Of several sets one is enough:
 * where a queue takes what one of them sends, and nobody says which.
 */
export function trustedSince(queue: ChangeableQueue, ...expected: readonly QueueSenders[]): number | null {
  const isOpen = expected.every((senders) => findOtherSenders(queue, senders).length > 0);
  if (queue.modifiedAt === null || isOpen) return null;
  return queue.modifiedAt + SPREAD_MS;
}

/** Whether a message that was sent then can only have come from the expected. */
export function isTrusted(sentAt: number | null, since: number | null): boolean {
  return sentAt !== null && since !== null && sentAt >= since;
}
