/** Hands items from those who fetch them to those who work on them. How many are inside, the slots decide. */
export class AsyncQueue<T> {
  readonly #items: T[] = [];
  readonly #takers: ((item: T | undefined) => void)[] = [];
  #closed = false;

  put(item: T): void {
    const taker = this.#takers.shift();
    if (taker) taker(item);
    else this.#items.push(item);
  }

  /** The next item; undefined when there will be none. */
  take(): Promise<T | undefined> {
    const item = this.#items.shift();
    if (item !== undefined || this.#closed) return Promise.resolve(item);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  close(): void {
    this.#closed = true;
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }
}

/** A number of places: what is held in memory is bounded by them, however deep the queue. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Waits for at least one place, and takes as many as there are, up to the number. */
  async take(most: number): Promise<number> {
    while (this.#free < 1) await new Promise<void>((go) => this.#waiting.push(go));
    const taken = Math.min(most, this.#free);
    this.#free -= taken;
    return taken;
  }

  /** Takes places for what turned out larger, at once, even where there are none: then nothing more comes in. */
  occupy(places: number): void {
    this.#free -= places;
  }

  give(places: number): void {
    this.#free += places;
    if (this.#free > 0) for (const go of this.#waiting.splice(0)) go();
  }
}
