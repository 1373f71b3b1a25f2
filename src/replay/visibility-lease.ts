import type { QueueMessage } from '../aws/sqs.js';
import type { Bench } from '../world/bench.js';
import { Batcher } from './batcher.js';
import type { ReplayQueue } from './types.js';

/** How often a call about a message is tried before it is left to the end of its visibility. */
const ATTEMPTS = 4;
const BACK_OFF_MS = 100;
/** SQS says so when the visibility has ended: the message will be received again, with a new handle. */
const STALE = ['ReceiptHandleIsInvalid', 'InvalidParameterValue'];
/** SQS hides no message for longer than twelve hours from its receipt. */
const LONGEST_MS = 43_200_000;
/** More than this are not kept hidden one by one. */
const MOST_ASIDE = 5_000;
const LONG_SECONDS = 900;

/** By which a message is known while it is held. */
export type Handle = Pick<QueueMessage, 'messageId' | 'receiptHandle'>;

interface Held {
  receiptHandle: string;
  heldAt: number;
  /** Epoch milliseconds: when it shows again, unless extended. */
  until: number;
}

/** The messages of one queue that are held: kept hidden while work goes on, then deleted or given back. */
export class VisibilityLease {
  readonly #held = new Map<string, Held>();
  readonly #deleting: Batcher;
  readonly #releasing: Batcher;
  readonly #hiding: Batcher;
  readonly #keeper: NodeJS.Timeout;
  #aside = 0;

  constructor(
    private readonly bench: Pick<Bench, 'sqs'>,
    private readonly queue: ReplayQueue,
    private readonly seconds: number,
  ) {
    const { sqs } = bench;
    this.#deleting = new Batcher((handles) => sqs.deleteMessages(queue.url, handles));
    this.#releasing = new Batcher((handles) => sqs.changeVisibility(queue.url, handles, 0));
    this.#hiding = new Batcher((handles) => sqs.changeVisibility(queue.url, handles, LONG_SECONDS));
    this.#keeper = setInterval(() => void this.#extend(), seconds * 250);
    this.#keeper.unref();
  }

  /** Takes up to so many messages, waiting at most a second for the first. */
  async receive(most: number): Promise<QueueMessage[]> {
    const asked = Date.now();
    const messages = await this.bench.sqs.receive(this.queue.url, {
      most,
      waitSeconds: 1,
      visibilitySeconds: this.seconds,
    });
    const until = asked + this.seconds * 1000;
    for (const { messageId, receiptHandle } of messages)
      this.#held.set(messageId, { receiptHandle, heldAt: asked, until });
    return messages;
  }

  /** Whether the message is gone from the queue. One that is not is still held. */
  async remove({ messageId, receiptHandle }: Handle): Promise<boolean> {
    const done = await retryBatch(this.#deleting, receiptHandle);
    if (done) this.#held.delete(messageId);
    return done;
  }

  /** Gives the message back at once. One that cannot be given back shows again by itself. */
  async release({ messageId, receiptHandle }: Handle): Promise<void> {
    this.#held.delete(messageId);
    await retryBatch(this.#releasing, receiptHandle);
  }

  /** Keeps a message hidden until the end of the run, so that it is not received over and over. */
  setAside({ messageId, receiptHandle }: Handle): void {
    this.#aside += 1;
    if (this.#aside <= MOST_ASIDE) return;
    // There are too many to be extended each minute: these are hidden once, for longer, and come back by themselves.
    this.#held.delete(messageId);
    void retryBatch(this.#hiding, receiptHandle);
  }

  /** Gives back whatever is still held, and holds nothing any more. */
  async close(): Promise<void> {
    clearInterval(this.#keeper);
    const held = [...this.#held].map(([messageId, { receiptHandle }]) => ({ messageId, receiptHandle }));
    await Promise.all(held.map((handle) => this.release(handle)));
  }

  /** Keeps hidden what would show again before the next look. */
  async #extend(): Promise<void> {
    const now = Date.now();
    const soon = now + this.seconds * 500;
    const due = [...this.#held.values()].filter(
      ({ until, heldAt }) => until < soon && now - heldAt < LONGEST_MS - this.seconds * 1000,
    );
    const batches = Array.from({ length: Math.ceil(due.length / 10) }, (_, index) =>
      due.slice(index * 10, index * 10 + 10),
    );
    await Promise.all(batches.map((batch) => this.#extendBatch(batch)));
  }

  async #extendBatch(batch: Held[]): Promise<void> {
    const handles = batch.map(({ receiptHandle }) => receiptHandle);
    // What fails is tried again at the next look; if that is too late, the message is received once more.
    const results = await this.bench.sqs
      .changeVisibility(this.queue.url, handles, this.seconds)
      .catch(() => []);
    for (const { index, ok } of results) {
      const held = batch[index];
      if (ok && held) held.until = Date.now() + this.seconds * 1000;
    }
  }
}

/** Batches fail per entry, and calls as a whole. True: it was done. */
async function retryBatch(batcher: Batcher, receiptHandle: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const result = await batcher.add(receiptHandle).catch(() => null);
    if (result?.ok) return true;
    if (attempt >= ATTEMPTS || (result?.code && STALE.includes(result.code))) return false;
    await new Promise((resolve) => setTimeout(resolve, BACK_OFF_MS * 2 ** (attempt - 1)));
  }
}
