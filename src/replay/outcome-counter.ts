import type { Journal } from './journal.js';
import { type DeadMessage, entryOf, GONE, type MessageOutcome } from './types.js';

const FATES: readonly MessageOutcome[] = [
  'processed',
  'repeated',
  'undeleted',
  'failed',
  'unusable',
  'quarantined',
  'passed-over',
  'newer',
  'untried',
];
/** Different reasons that are told one by one; a broken handler may give a new one each time. */
const MOST_REASONS = 50;
/** Messages that are named for each. */
const MOST_NAMED = 3;

export type Counts = Readonly<Record<MessageOutcome, number>>;

/** Why messages did not go through, and how many. */
export interface Reason {
  fate: MessageOutcome;
  code: string;
  /** The first one's. */
  message: string;
  count: number;
  /** The first few, for `--show`. */
  messageIds: string[];
}

/** Counts every message's fate, once, and writes it into the journal. */
export class OutcomeCounter {
  readonly #counts = Object.fromEntries(FATES.map((fate) => [fate, 0])) as Record<MessageOutcome, number>;
  readonly #reasons = new Map<string, Reason>();
  readonly #left = new Map<string, number>();
  readonly #undeleted = new Map<string, string>();
  /** Deleted with a later receipt, before the earlier one failed. */
  readonly #early = new Set<string>();

  constructor(
    private readonly journal: Journal,
    private readonly changed: (counts: Counts) => void,
  ) {}

  get counts(): Counts {
    return { ...this.#counts };
  }

  /** The most frequent first. */
  get reasons(): Reason[] {
    return [...this.#reasons.values()].sort((a, b) => b.count - a.count);
  }

  /** Messages of a queue that the run saw and that stand in it still. */
  leftIn(queue: string): number {
    return this.#left.get(queue) ?? 0;
  }

  /** `code` and `message` say why; whatever else there is goes into the journal. */
  end(
    dead: DeadMessage,
    fate: MessageOutcome,
    details: { code?: string; message?: string; [more: string]: unknown } = {},
  ): void {
    const { queue, messageId, eventId, eventType, orderId } = entryOf(dead);
    if (fate === 'undeleted') this.#undeleted.set(messageId, queue);
    this.#counts[fate] += 1;
    if (!GONE.includes(fate)) this.#leave(queue, 1);
    if (details.code !== undefined) this.#note(messageId, fate, details.code, details.message ?? '');
    this.journal.write({ queue, messageId, eventId, eventType, orderId, fate, ...details });
    this.changed(this.#counts);
    if (fate === 'undeleted' && this.#early.delete(messageId)) this.deletedAfterAll(messageId);
  }

  /** A message that would not go came again, and went. */
  deletedAfterAll(messageId: string): void {
    const queue = this.#undeleted.get(messageId);
    if (queue === undefined) {
      this.#early.add(messageId);
      return;
    }
    this.#undeleted.delete(messageId);
    this.#counts.undeleted -= 1;
    this.#counts.processed += 1;
    this.#leave(queue, -1);
    this.journal.write({ queue, messageId, fate: 'processed' });
    this.changed(this.#counts);
  }

  #leave(queue: string, number: number): void {
    this.#left.set(queue, this.leftIn(queue) + number);
  }

  #note(messageId: string, fate: MessageOutcome, code: string, message: string): void {
    // What cannot be read differs by why; other texts name the event, and would be a group for each.
    const key = code === 'UNREADABLE' ? `${fate} ${code} ${message}` : `${fate} ${code}`;
    const known = this.#reasons.get(key);
    if (!known) {
      if (this.#reasons.size < MOST_REASONS)
        this.#reasons.set(key, { fate, code, message, count: 1, messageIds: [messageId] });
      return;
    }
    known.count += 1;
    if (known.messageIds.length < MOST_NAMED) known.messageIds.push(messageId);
  }
}
