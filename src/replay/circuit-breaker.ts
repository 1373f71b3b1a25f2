import { isAboutTheEvent } from './delivery.js';

/** So many in a row, before anything succeeded, and the cause is not in the events. */
const AT_FIRST = 5;
const LATER = 25;

export interface Cause {
  code: string;
  message: string;
  /** How many deliveries failed so, one after the other. */
  failures: number;
}

/** Sees when the handler, and not an event, is broken: then going on would only burn through the queue. */
export class CircuitBreaker {
  #succeeded = false;
  #code: string | null = null;
  #failures = 0;

  succeeded(): void {
    this.#succeeded = true;
    this.#code = null;
    this.#failures = 0;
  }

  /** The cause, when it is time to stop. */
  failed(code: string, message: string): Cause | null {
    this.#failures = code === this.#code ? this.#failures + 1 : 1;
    this.#code = code;
    // Bad events may stand side by side; but when every one so far is bad, the database may be the wrong one.
    const limit = this.#succeeded || isAboutTheEvent(code) ? LATER : AT_FIRST;
    if (this.#failures < limit || (this.#succeeded && isAboutTheEvent(code))) return null;
    return { code, message, failures: this.#failures };
  }
}
