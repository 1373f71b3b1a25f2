import type { Progress } from '../core/check.js';
import { redact } from '../core/secret.js';
import type { Terminal } from './terminal.js';

/** One thing that takes time, while it takes it. `note` (of `Progress`) says what it is at. */
export interface Step extends Progress {
  /** Replaces the title. */
  title(text: string): void;
  /** Nothing to do here, because of this. Call before the work returns. */
  skip(reason: string): void;
}

/** A step of a list that is known beforehand. */
export interface PlannedStep {
  title: string;
  work(step: Step): Promise<void>;
}

/** A step that somebody else ends. End each one; a second end does nothing. */
export interface OpenStep extends Step {
  done(title?: string): void;
  failed(reason: string): void;
}

/**
 * Shows long work on stderr: a live list on a terminal, plain lines with the time elsewhere. Steps come one after
 * the other; for things at once, use `list` with `concurrent`, or one step with notes.
 */
export interface ProgressDisplay {
  /** Runs one step. What the work throws is shown as failed and thrown on. */
  step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>;
  /** Runs steps in order (or all at once), stopping at the first that throws. */
  list(steps: readonly PlannedStep[], options?: { concurrent?: boolean }): Promise<void>;
  /** Begins a step whose end comes from elsewhere: events, callbacks. Ends the one that is open. */
  begin(title: string): OpenStep;
  /** A line of its own. Not while a step is shown live: use its `note`. */
  say(text: string): void;
  /** Ends what is open and waits until everything has been drawn. */
  close(): Promise<void>;
}

/** What a display has to bring; the rest of `ProgressDisplay` follows from it. */
export interface StepRunner {
  list(steps: readonly PlannedStep[], options?: { concurrent?: boolean }): Promise<void>;
  say(text: string): void;
}

/** The display that suits the terminal. listr2 is loaded only when it draws. */
export function progressFor(
  terminal: Terminal,
  stream: NodeJS.WriteStream,
  now: () => Date = () => new Date(),
): ProgressDisplay {
  let runner: Promise<StepRunner> | undefined;
  const load = async (): Promise<StepRunner> => {
    if (!terminal.live) return new (await import('./progress-plain.js')).PlainSteps(stream, now);
    return new (await import('./progress-live.js')).LiveSteps(stream, terminal.err);
  };
  const loaded = (): Promise<StepRunner> => {
    runner ??= load();
    return runner;
  };
  return new Display(loaded, (text) => stream.write(`${redact(text)}\n`));
}

class Display implements ProgressDisplay {
  readonly #runner: () => Promise<StepRunner>;
  readonly #write: (text: string) => void;
  #open: OpenStep | undefined;
  #drawn: Promise<unknown> = Promise.resolve();

  constructor(runner: () => Promise<StepRunner>, write: (text: string) => void) {
    this.#runner = runner;
    this.#write = write;
  }

  async step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
    let result: { value: T } | undefined;
    await this.list([
      {
        title,
        work: async (step) => {
          result = { value: await work(step) };
        },
      },
    ]);
    if (!result) throw new Error(`the step "${title}" ended without a result`);
    return result.value;
  }

  async list(steps: readonly PlannedStep[], options?: { concurrent?: boolean }): Promise<void> {
    this.#open?.done();
    await this.#drawn;
    const runner = await this.#runner();
    await runner.list(steps, options);
  }

  begin(title: string): OpenStep {
    this.#open?.done();
    const open = new Handle();
    this.#open = open;
    const before = this.#drawn;
    this.#drawn = before
      .then(() => this.#runner())
      .then((runner) => runner.list([{ title, work: (step) => open.shownOn(step) }]))
      // The caller who reports the failure knows it already.
      .catch(() => undefined);
    return open;
  }

  say(text: string): void {
    this.#write(text);
  }

  async close(): Promise<void> {
    this.#open?.done();
    this.#open = undefined;
    await this.#drawn;
  }
}

/** Keeps what is said to a step until it is drawn, which may be later. */
class Handle implements OpenStep {
  readonly #waiting: ((step: Step) => void)[] = [];
  #step: Step | undefined;
  /** What is said after the end has nowhere to be drawn. */
  #over = false;
  #end: () => void = () => {};
  #fail: (error: Error) => void = () => {};
  readonly #ended = new Promise<void>((resolve, reject) => {
    this.#end = resolve;
    this.#fail = reject;
  });

  constructor() {
    this.#ended.catch(() => undefined);
  }

  shownOn(step: Step): Promise<void> {
    this.#step = step;
    for (const say of this.#waiting.splice(0)) say(step);
    return this.#ended;
  }

  note(text: string): void {
    this.#tell((step) => step.note(text));
  }

  title(text: string): void {
    this.#tell((step) => step.title(text));
  }

  skip(reason: string): void {
    this.#tell((step) => step.skip(reason));
    this.#end();
  }

  done(title?: string): void {
    if (title !== undefined) this.title(title);
    this.#over = true;
    this.#end();
  }

  failed(reason: string): void {
    this.#over = true;
    this.#fail(new Error(reason));
  }

  #tell(say: (step: Step) => void): void {
    if (this.#over) return;
    if (this.#step) say(this.#step);
    else this.#waiting.push(say);
  }
}
