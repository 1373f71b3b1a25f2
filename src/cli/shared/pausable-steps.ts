import type { Progress } from '../../core/check.js';
import type { OpenStep, ProgressDisplay } from '../../terminal/progress.js';

/** Steps that may be interrupted by a question and go on under the same title afterwards. */
export class PausableSteps {
  #open: OpenStep | undefined;

  constructor(private readonly display: ProgressDisplay) {}

  /** Begins a step; notes after a pause begin it anew. */
  begin(title: string): Progress {
    this.#open = this.display.begin(title);
    return {
      note: (text) => {
        this.#open ??= this.display.begin(title);
        this.#open.note(text);
      },
    };
  }

  /** Ends what is drawn, under this title if one is given, so that something can be asked or shown. */
  async pause(title?: string): Promise<void> {
    this.#open?.done(title);
    this.#open = undefined;
    await this.display.close();
  }

  note(text: string): void {
    this.#open?.note(text);
  }

  done(title?: string): void {
    this.#open?.done(title);
    this.#open = undefined;
  }

  failed(reason: string): void {
    this.#open?.failed(reason);
    this.#open = undefined;
  }
}
