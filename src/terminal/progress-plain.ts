import { redact } from '../core/secret.js';
import type { PlannedStep, Step, StepRunner } from './progress.js';

/** Lines with the time, for logs, pipes and screen readers: one when a step begins, one per note, one when it ends. */
export class PlainSteps implements StepRunner {
  readonly #stream: NodeJS.WritableStream;
  readonly #now: () => Date;

  constructor(stream: NodeJS.WritableStream, now: () => Date) {
    this.#stream = stream;
    this.#now = now;
  }

  async list(steps: readonly PlannedStep[], options: { concurrent?: boolean } = {}): Promise<void> {
    if (options.concurrent) {
      await Promise.all(steps.map((step) => this.#run(step)));
      return;
    }
    for (const step of steps) await this.#run(step);
  }

  say(text: string): void {
    // UTC and to the second, so that lines can be laid beside the clouds' own logs.
    const time = this.#now().toISOString().slice(0, 19);
    this.#stream.write(`${time}Z ${redact(text)}\n`);
  }

  async #run(planned: PlannedStep): Promise<void> {
    let title = planned.title;
    let skipped: string | undefined;
    const step: Step = {
      note: (text) => this.say(`${title}: ${text}`),
      title: (text) => {
        title = text;
      },
      skip: (reason) => {
        skipped = reason;
      },
    };
    this.say(`${title} ...`);
    try {
      await planned.work(step);
    } catch (error) {
      this.say(`${title}: FAILED: ${firstLine(error)}`);
      throw error;
    }
    this.say(skipped === undefined ? `${title}: done` : `${title}: skipped: ${skipped}`);
  }
}

const firstLine = (error: unknown): string =>
  String((error as Error | undefined)?.message ?? error).split('\n')[0] ?? '';
