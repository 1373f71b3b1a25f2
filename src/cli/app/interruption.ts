import { InterruptedError } from '../../core/errors.js';
import type { Invocation } from './invocation.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns Ctrl-C and termination into an abort signal that services heed at their next safe point. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #listener: () => void;

  constructor(invocation: Invocation) {
    this.#listener = () => {
      if (this.signal.aborted)
        invocation.abandon(new InterruptedError('Interrupted twice: stopped immediately.'));
      invocation.say('\nStopping at the next safe point. Interrupt again to stop immediately.');
      this.#controller.abort(new InterruptedError());
    };
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Gives the signals back their usual meaning. */
  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }
}
