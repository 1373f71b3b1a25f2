import { setTimeout as sleep } from 'node:timers/promises';
import { readDeadLetter } from '../../handlers/contract/dead-letter.js';
import type { QueueMessage } from '../aws/sqs.js';
import { matches, needsJudgement } from './filter.js';
import type { Run } from './run.js';
import type { DeadMessage, MessageOutcome, ReplayQueue } from './types.js';

/** SQS gives at most so many at once. */
const BATCH = 10;
const LOOK_AGAIN_MS = 500;
const GRACE_MS = 5_000;

/** Reads one queue to its end, and lets in what the run is meant for. */
export class Reader {
  /** Different messages that were received. */
  distinct = 0;
  /** Nothing more was there. */
  drained = false;
  #waiting = false;
  #waited: 'no' | 'told' | 'enough' = 'no';

  constructor(
    private readonly run: Run,
    readonly queue: ReplayQueue,
  ) {}

  /** Messages that somebody else still holds, or took meanwhile. */
  get elsewhere(): number {
    const { waiting, inFlight } = this.queue;
    return inFlight === 0 ? 0 : Math.max(0, waiting + inFlight - this.distinct);
  }

  async read(): Promise<void> {
    const { run } = this;
    const readers = Math.ceil(run.options.concurrency / BATCH) + 1;
    try {
      await Promise.all(Array.from({ length: readers }, () => this.#receive()));
    } catch (error) {
      run.broke(error);
    }
  }

  async #receive(): Promise<void> {
    const { run, queue } = this;
    while (!run.stopping && run.wanted > 0) {
      const places = await run.slots.take(Math.min(BATCH, run.wanted));
      if (run.stopping || this.drained) return run.slots.give(places);
      const { ended } = run.inHand(this);
      const batch = await run
        .hold({ queue })
        .receive(places)
        .catch((error) => {
          run.slots.give(places);
          throw error;
        });
      run.slots.give(places - batch.length);
      for (const message of batch) this.#admit(message);
      if (batch.length === 0 && !(await this.#mayShowAgain(ended))) return;
    }
  }

  /**
   * Nothing came. One of us looks again: when messages came to their end meanwhile, for one whose hold had lapsed
   * shows again; when SQS had counted more; and when somebody holds some that will be let go.
   */
  async #mayShowAgain(endedBefore: number): Promise<boolean> {
    if (this.#waiting) return false;
    const inHand = this.run.inHand(this);
    if (inHand.size > 0 || inHand.ended !== endedBefore) return this.#lookAgain(inHand.none());
    const { waiting, inFlight } = this.queue;
    if (this.distinct >= waiting + inFlight || this.#waited === 'enough') return this.#end();
    if (this.elsewhere === 0) {
      this.#waited = 'enough';
      return this.#lookAgain(this.#pause());
    }
    const { startedAt, targets, options } = this.run;
    const left = startedAt + targets.holdSeconds * 1000 + GRACE_MS - targets.now();
    if (left <= 0) return this.#end();
    if (this.#waited === 'no')
      options.note?.(
        `${this.elsewhere} of the messages are held by another consumer, perhaps by an interrupted run: waiting for them, at most ${Math.ceil(left / 1000)} s`,
      );
    this.#waited = 'told';
    return this.#lookAgain(this.#pause());
  }

  #end(): false {
    this.drained = true;
    return false;
  }

  async #lookAgain(when: Promise<void>): Promise<true> {
    this.#waiting = true;
    await when;
    this.#waiting = false;
    return true;
  }

  async #pause(): Promise<void> {
    await sleep(LOOK_AGAIN_MS, undefined, { signal: this.run.bench.signal }).catch(() => undefined);
  }

  #admit(message: QueueMessage): void {
    const { run } = this;
    const inHand = run.inHand(this).get(message.messageId);
    if (inHand) this.#again(inHand, message);
    else if (run.finished.has(message.messageId)) this.#deleteAgain(message);
    else if (run.left.has(message.messageId)) this.#leave(message);
    else this.#consider({ queue: this.queue, message, letter: readDeadLetter(message) });
  }

  /** The latest handle is the one that SQS heeds. */
  #again({ message }: DeadMessage, { receiptHandle }: QueueMessage): void {
    message.receiptHandle = receiptHandle;
    this.run.slots.give(1);
  }

  #consider(dead: DeadMessage): void {
    const { run } = this;
    const { sentAt } = dead.message;
    this.distinct += 1;
    if (sentAt !== null && Date.parse(sentAt) > run.startedAt) this.#passOver(dead, 'newer');
    else if (this.#isLetIn(dead)) run.admit(dead);
    else this.#passOver(dead, 'passed-over');
  }

  /** What only its judgement shows to be meant is counted when it was judged. */
  #isLetIn(dead: DeadMessage): boolean {
    const { run } = this;
    const { filter } = run.options;
    return matches(dead, filter) && (needsJudgement(dead, filter) ? run.wanted > 0 : run.count());
  }

  #passOver(dead: DeadMessage, fate: MessageOutcome): void {
    this.run.left.add(dead.message.messageId);
    this.run.tally.end(dead, fate);
    this.#leave(dead.message);
  }

  #leave(message: QueueMessage): void {
    this.run.hold(this).setAside(message);
    this.run.slots.give(1);
  }

  /** Its event was taken; SQS delivered it once more, or would not delete it. */
  #deleteAgain(message: QueueMessage): void {
    const { run } = this;
    run.later(async () => {
      const gone = await run.hold(this).remove(message);
      run.slots.give(1);
      if (gone) run.tally.deletedAfterAll(message.messageId);
    });
  }
}
