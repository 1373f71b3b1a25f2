import { duration } from '../../core/duration.js';
import { number } from '../../core/number.js';
import type { Counts } from '../../replay/outcome-counter.js';
import type { Step } from '../../terminal/progress.js';

/** A line that is redrawn can change often; lines that stay should not. */
const LIVE_MS = 200;
const PLAIN_MS = 5_000;
/** The rate is that of the last so many milliseconds. */
const WINDOW_MS = 10_000;

/** Shows how far a replay is: how many of how many, how fast, how long it will take. */
export class ReplayProgress {
  readonly #began = Date.now();
  #shown = 0;
  #samples: { at: number; done: number }[] = [{ at: this.#began, done: 0 }];

  constructor(
    private readonly step: Step,
    private readonly live: boolean,
    /** Messages to be done; approximate. */
    private readonly expected: number,
  ) {}

  update(counts: Counts): void {
    const now = Date.now();
    if (now - this.#shown < (this.live ? LIVE_MS : PLAIN_MS)) return;
    this.#shown = now;
    const text = this.#text(counts, now);
    if (this.live) this.step.title(`Replaying: ${text}`);
    else this.step.note(text);
  }

  #text(counts: Counts, now: number): string {
    const done = counts.processed + counts.repeated + counts.quarantined + counts.failed + counts.unusable;
    this.#samples = [...this.#samples.filter(({ at }) => now - at < WINDOW_MS), { at: now, done }];
    const first = this.#samples[0] ?? { at: this.#began, done: 0 };
    const rate = ((done - first.done) * 1000) / Math.max(1, now - first.at);
    const left = Math.max(0, this.expected - done);
    const parts = [
      `${number(done)} of about ${number(Math.max(done, this.expected))}`,
      `${rate < 10 ? rate.toFixed(1) : number(Math.round(rate))} a second`,
      ...(rate > 0 && left > 0 ? [`${duration((left / rate) * 1000)} left`] : []),
      ...(counts.failed > 0 ? [`${number(counts.failed)} failed`] : []),
      ...(counts.unusable > 0 ? [`${number(counts.unusable)} unusable`] : []),
    ];
    return parts.join(', ');
  }
}
