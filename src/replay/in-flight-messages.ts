import type { DeadMessage } from './types.js';

/** The messages of one queue that were let in and have not come to their end. */
export class InFlightMessages {
  /** Messages that came to their end: whoever looked at the queue before may have missed that they showed again. */
  ended = 0;
  readonly #messages = new Map<string, DeadMessage>();
  readonly #waiting: (() => void)[] = [];

  get size(): number {
    return this.#messages.size;
  }

  get(messageId: string): DeadMessage | undefined {
    return this.#messages.get(messageId);
  }

  add(dead: DeadMessage): void {
    this.#messages.set(dead.message.messageId, dead);
  }

  end(dead: DeadMessage): void {
    this.ended += 1;
    this.#messages.delete(dead.message.messageId);
    if (this.size === 0) for (const go of this.#waiting.splice(0)) go();
  }

  /** Resolves when there are none. */
  async none(): Promise<void> {
    while (this.size > 0) await new Promise<void>((go) => this.#waiting.push(go));
  }
}
