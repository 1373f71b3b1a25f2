export type Cancel = () => void;

interface Timer {
  due: number;
  order: number;
  /** It is for what callers measure themselves: never hastened, and never held. */
  exact: boolean;
  run: () => void;
  wall?: NodeJS.Timeout;
}

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * The local cloud's time. `now()` is what every timestamp, signature and expiry uses.
 * `after` is for what the clouds do later by themselves (retries, propagation, expiry), `at` for what callers measure
 * themselves (visibility timeouts, expiry dates), which must not come before `now()` says so.
 *
 * Two modes: `hasten` (default), where waits that take minutes in the clouds pass `speed` times faster on the wall
 * while `now()` stays true; and `manual`, where nothing happens until `advance` moves `now()` past what is due.
 */
export class Clock {
  private offset = 0;
  private order = 0;
  private readonly timers = new Set<Timer>();

  constructor(
    private mode: 'hasten' | 'manual' = 'hasten',
    private speed = 60,
  ) {}

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** How far it was moved ahead of the real time, in milliseconds. */
  get ahead(): number {
    return this.offset;
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  after(milliseconds: number, run: () => void): Cancel {
    return this.set({ due: this.now() + milliseconds, order: this.order++, exact: false, run });
  }

  /** Runs once `now()` has reached `time`, in either mode. */
  at(time: number, run: () => void): Cancel {
    return this.set({ due: time, order: this.order++, exact: true, run });
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  setMode(mode: 'hasten' | 'manual', speed = this.speed): void {
    this.mode = mode;
    this.speed = speed;
    for (const timer of this.timers) this.arm(timer);
  }

  /** Moves `now()` forward and runs what falls due, in order, letting each settle before the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.now() + milliseconds;
    for (;;) {
      const next = [...this.timers]
        .filter((t) => t.due <= end)
        .sort((a, b) => a.due - b.due || a.order - b.order)[0];
      if (!next) break;
      this.offset += Math.max(0, next.due - this.now());
      this.forget(next);
      next.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.offset += Math.max(0, end - this.now());
    for (const timer of this.timers) if (timer.exact) this.arm(timer);
  }

  stop(): void {
    for (const timer of this.timers) this.forget(timer);
  }

  private set(timer: Timer): Cancel {
    this.timers.add(timer);
    this.arm(timer);
    return () => this.forget(timer);
  }

  private arm(timer: Timer): void {
    clearTimeout(timer.wall);
    if (this.mode === 'manual' && !timer.exact) return;
    const left = Math.max(0, timer.due - this.now());
    timer.wall = setTimeout(
      () => {
        // A timeout may come a moment early, and none lasts as long as some dates are away.
        if (timer.exact && this.now() < timer.due) return this.arm(timer);
        this.forget(timer);
        timer.run();
      },
      Math.min(timer.exact ? Math.max(1, left) : left / this.speed, LONGEST_TIMEOUT),
    );
    timer.wall.unref();
  }

  private forget(timer: Timer): void {
    clearTimeout(timer.wall);
    this.timers.delete(timer);
  }
}
