import type { BatchEntryResult } from '../aws/sqs-writes.js';

/** SQS takes at most so many entries at once. */
const MOST = 10;
/** How long the first entry waits for others. */
const WAIT_MS = 15;

interface Waiting {
  handle: string;
  settle(result: BatchEntryResult): void;
  fail(error: unknown): void;
}

/** Gathers single requests about messages into batches: a call for each would cost as much as the deliveries. */
export class Batcher {
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (receiptHandles: string[]) => Promise<BatchEntryResult[]>) {}

  /** What became of this one entry. Rejects when the whole call failed. */
  add(receiptHandle: string): Promise<BatchEntryResult> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ handle: receiptHandle, settle, fail });
      if (this.#waiting.length >= MOST) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), WAIT_MS);
    });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting.splice(0, MOST);
    void this.send(batch.map(({ handle }) => handle)).then(
      (results) => {
        for (const [index, entry] of batch.entries())
          entry.settle(
            results[index] ?? { index, ok: false, code: 'Missing', message: 'no answer for this entry' },
          );
      },
      (error) => {
        for (const entry of batch) entry.fail(error);
      },
    );
  }
}
