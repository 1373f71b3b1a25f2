import { CachaoError } from '../core/errors.js';
import { IdSet } from '../core/id-set.js';
import type { Bench } from '../world/bench.js';
import { AdaptiveLimiter } from './adaptive-limiter.js';
import { AsyncQueue, Semaphore } from './async-queue.js';
import { type Cause, CircuitBreaker } from './circuit-breaker.js';
import type { Filter } from './filter.js';
import { InFlightMessages } from './in-flight-messages.js';
import type { Journal } from './journal.js';
import { type Counts, OutcomeCounter } from './outcome-counter.js';
import type { Quarantine } from './quarantine.js';
import type { ReplayTargets } from './targets.js';
import type { DeadMessage, ReplayQueue } from './types.js';
import { VisibilityLease } from './visibility-lease.js';

export interface ReplayOptions {
  filter: Filter;
  /** Messages to try at most; null: all. */
  max: number | null;
  concurrency: number;
  /** Deliveries a second; null: as fast as it goes. */
  rate: number | null;
  /** Null: what can never be delivered stays in its queue. */
  quarantine: Quarantine | null;
  journal: Journal;
  /** Called at each message's end. */
  progress?(counts: Counts): void;
  /** Something that the person who waits should know. */
  note?(text: string): void;
}

/** A message this large counts as several: memory is bounded in bytes, too. */
const PLACE_BYTES = 65_536;

/** Messages that SQS would not delete, one after the other, before the run stops. */
const MOST_UNDELETED = 10;

/** What one run knows and shares: between those who read the queues and those who deliver. */
export class Run {
  /** Epoch milliseconds, by AWS's clock. */
  readonly startedAt: number;
  readonly buffer = new AsyncQueue<DeadMessage>();
  readonly slots: Semaphore;
  readonly pace: AdaptiveLimiter;
  readonly tally: OutcomeCounter;
  /** Messages whose event was taken by the function: never delivered again. */
  readonly finished = new IdSet();
  /** Messages that stay in the queue: not looked at again. */
  readonly left = new IdSet();
  /** Events that the function took. */
  readonly delivered = new IdSet();
  #meant = 0;
  cause: Cause | null = null;
  error: CachaoError | null = null;
  /** Thrown when everything is given back. */
  defect: unknown;
  #undeletedInARow = 0;
  readonly #brake = new CircuitBreaker();
  readonly #holds: Map<ReplayQueue, VisibilityLease>;
  readonly #inHand: Map<ReplayQueue, InFlightMessages>;
  readonly #settling = new Set<Promise<void>>();

  constructor(
    readonly bench: Bench,
    readonly targets: ReplayTargets,
    readonly options: ReplayOptions,
  ) {
    const { concurrency, rate, journal, progress } = options;
    this.startedAt = targets.now();
    this.pace = new AdaptiveLimiter(concurrency, rate, bench.signal);
    // As many again are on their way in, and on their way out, as are worked on.
    this.slots = new Semaphore(4 * concurrency + 20 * targets.queues.length);
    this.tally = new OutcomeCounter(journal, (counts) => progress?.(counts));
    this.#inHand = new Map(targets.queues.map((queue) => [queue, new InFlightMessages()]));
    this.#holds = new Map(
      targets.queues.map((queue) => [queue, new VisibilityLease(bench, queue, targets.holdSeconds)]),
    );
  }

  /** No new message is begun. */
  get stopping(): boolean {
    return (
      this.bench.signal.aborted || this.cause !== null || this.error !== null || this.defect !== undefined
    );
  }

  /** How many more messages that are meant may be tried. */
  get wanted(): number {
    return (this.options.max ?? Number.POSITIVE_INFINITY) - this.#meant;
  }

  hold({ queue }: Pick<DeadMessage, 'queue'>): VisibilityLease {
    return found(this.#holds.get(queue), queue);
  }

  inHand({ queue }: Pick<DeadMessage, 'queue'>): InFlightMessages {
    return found(this.#inHand.get(queue), queue);
  }

  /** Counts a message that is meant; false: there were as many as are wanted. */
  count(): boolean {
    if (this.wanted <= 0) return false;
    this.#meant += 1;
    return true;
  }

  admit(dead: DeadMessage): void {
    this.slots.occupy(placesOf(dead) - 1);
    this.inHand(dead).add(dead);
    this.buffer.put(dead);
  }

  /** Whether the message is gone. It may have been received once more meanwhile: the latest handle is what counts. */
  async remove(dead: DeadMessage): Promise<boolean> {
    for (;;) {
      const { messageId, receiptHandle } = dead.message;
      const gone = await this.hold(dead).remove({ messageId, receiptHandle });
      if (!gone || dead.message.receiptHandle === receiptHandle) return gone;
    }
  }

  async release(dead: DeadMessage): Promise<void> {
    for (;;) {
      const { messageId, receiptHandle } = dead.message;
      await this.hold(dead).release({ messageId, receiptHandle });
      if (dead.message.receiptHandle === receiptHandle) return;
    }
  }

  /** The message came to its end: its places are free for others. */
  dismiss(dead: DeadMessage): void {
    this.inHand(dead).end(dead);
    this.slots.give(placesOf(dead));
  }

  succeeded(): void {
    this.#brake.succeeded();
    this.pace.succeeded();
  }

  failed(code: string, message: string): void {
    this.cause ??= this.#brake.failed(code, message);
  }

  /** Something that no message is to blame for, and that stops the run. */
  broke(error: unknown): void {
    if (error instanceof CachaoError) this.error ??= error;
    else this.defect ??= error;
  }

  /** The function took the event, and the message is still there. When none goes any more, going on helps nobody. */
  undeleted(dead: DeadMessage): void {
    this.#undeletedInARow += 1;
    this.tally.end(dead, 'undeleted');
    if (this.#undeletedInARow >= MOST_UNDELETED)
      this.cause ??= {
        code: 'NOT_DELETED',
        message: 'the function takes the events, but SQS does not delete the messages',
        failures: this.#undeletedInARow,
      };
  }

  processed(dead: DeadMessage, fate: 'processed' | 'repeated', details: { outcome?: string | null }): void {
    this.#undeletedInARow = 0;
    this.tally.end(dead, fate, details);
  }

  /** Work that nobody waits for, until the end of the run. */
  later(work: () => Promise<void>): void {
    const settling = work()
      .catch((error) => this.broke(error))
      .finally(() => this.#settling.delete(settling));
    this.#settling.add(settling);
  }

  /** Waits for what is under way, and gives back what is held. */
  async close(): Promise<void> {
    while (this.#settling.size > 0) await Promise.all(this.#settling);
    await Promise.all([...this.#holds.values()].map((hold) => hold.close()));
  }
}

function found<T>(one: T | undefined, queue: ReplayQueue): T {
  if (one === undefined) throw new Error(`${queue.name} is not of this run`);
  return one;
}

function placesOf({ message }: DeadMessage): number {
  return Math.max(1, Math.ceil(message.body.length / PLACE_BYTES));
}
