import { readDeadLetter } from '../../handlers/contract/dead-letter.js';
import type { QueueMessage } from '../aws/sqs.js';
import { IdSet } from '../core/id-set.js';
import type { Bench } from '../world/bench.js';
import { type Filter, matches } from './filter.js';
import type { ReplayTargets } from './targets.js';
import type { DeadMessage, ReplayQueue } from './types.js';
import { VisibilityLease } from './visibility-lease.js';

/** Receives at once, for each queue. */
const READERS = 4;
const BATCH = 10;

export interface SurveyOptions {
  filter: Filter;
  /** Messages to make something of, in both queues together; as many as there are unless given. */
  max?: number | undefined;
  /** Messages to look at, meant or not. */
  looks: number;
  /** One is enough. */
  first?: boolean;
}

export interface QueueSample<T> {
  /** What was made of each message that was meant. */
  found: T[];
  /** Messages that were looked at. */
  looked: number;
  /** There were more than were looked at, or more that were meant than were asked for. */
  more: boolean;
  /** Held by somebody else, and so not seen. */
  elsewhere: number;
}

/**
 * Looks at every message and gives each back: nothing changes but the receive counts. While it looks they are hidden
 * from others, so that none is seen twice. A visitor that answers undefined leaves the message out.
 */
export async function survey<T>(
  bench: Bench,
  { queues, holdSeconds }: ReplayTargets,
  options: SurveyOptions,
  visit: (dead: DeadMessage) => Promise<T | undefined>,
): Promise<QueueSample<T>> {
  const look = new Look(options, visit, bench.signal);
  const holds = queues.map((queue) => new VisibilityLease(bench, queue, holdSeconds));
  const readings = await Promise.allSettled(
    queues.flatMap((queue, index) =>
      Array.from({ length: READERS }, () => look.read(queue, holds[index] as VisibilityLease)),
    ),
  );
  await Promise.all(holds.map((hold) => hold.close()));
  for (const reading of readings) if (reading.status === 'rejected') throw reading.reason;
  const elsewhere = queues.reduce((sum, { inFlight }) => sum + inFlight, 0);
  return { found: look.found, looked: look.looked, more: look.more, elsewhere };
}

class Look<T> {
  readonly found: T[] = [];
  looked = 0;
  more = false;
  readonly #seen = new IdSet();

  constructor(
    private readonly options: SurveyOptions,
    private readonly visit: (dead: DeadMessage) => Promise<T | undefined>,
    private readonly signal: AbortSignal,
  ) {}

  async read(queue: ReplayQueue, hold: VisibilityLease): Promise<void> {
    while (!this.#over) {
      const batch = await hold.receive(BATCH);
      if (batch.length === 0) return;
      for (const message of batch) if (this.#seen.add(message.messageId)) await this.#look(queue, message);
    }
  }

  get #over(): boolean {
    return this.signal.aborted || this.more || (this.options.first === true && this.found.length > 0);
  }

  async #look(queue: ReplayQueue, message: QueueMessage): Promise<void> {
    if (this.looked >= this.options.looks) this.more = true;
    if (this.#over) return;
    this.looked += 1;
    const dead = { queue, message, letter: readDeadLetter(message) };
    if (!matches(dead, this.options.filter)) return;
    const made = await this.visit(dead);
    // Counted when it was visited: others look at the same time, and not each that they look at is meant.
    if (made === undefined || this.#over) return;
    if (this.found.length >= (this.options.max ?? Number.POSITIVE_INFINITY)) this.more = true;
    else this.found.push(made);
  }
}
