import { setTimeout as sleep } from 'node:timers/promises';

/** How many deliveries may be under way until the first has succeeded. */
const FEELERS = 5;

/**
 * When the next delivery may begin: not above the concurrency, which is small until something succeeded, falls when
 * Lambda throttles and rises again; and not above the rate.
 */
export class AdaptiveLimiter {
  #working = 0;
  #limit: number;
  #succeeded = false;
  #nextTurn = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly concurrency: number,
    /** Deliveries a second; null: as fast as it goes. */
    private readonly rate: number | null,
    /** Ends a wait for the rate early. */
    private readonly signal: AbortSignal,
  ) {
    this.#limit = Math.min(concurrency, FEELERS);
  }

  /** Waits for a place. Leave it when done. */
  async enter(): Promise<void> {
    while (this.#working >= Math.max(1, Math.floor(this.#limit)))
      await new Promise<void>((go) => this.#waiting.push(go));
    this.#working += 1;
    await this.#turn();
  }

  leave(): void {
    this.#working -= 1;
    this.#wake();
  }

  succeeded(): void {
    // After throttling, one more place for each round of successes.
    this.#limit = this.#succeeded
      ? Math.min(this.concurrency, this.#limit + 1 / this.#limit)
      : this.concurrency;
    this.#succeeded = true;
    this.#wake();
  }

  throttled(): void {
    this.#limit = Math.max(1, this.#limit / 2);
  }

  /** Lets everybody go on, who then find that the run stops. */
  #wake(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  async #turn(): Promise<void> {
    if (this.rate === null) return;
    const now = Date.now();
    const turn = Math.max(now, this.#nextTurn);
    this.#nextTurn = turn + 1000 / this.rate;
    if (turn > now) await sleep(turn - now, undefined, { signal: this.signal }).catch(() => undefined);
  }
}
