export type Cancel = () => void;

interface Timer {
  due: number;
  order: number;
  run: () => void;
  wall?: NodeJS.Timeout;
}

/**
 * The local cloud's time. `now()` is what every timestamp, signature and expiry uses.
 * `after` is for what the clouds do later by themselves (retries, propagation, expiry).
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
    const timer: Timer = { due: this.now() + milliseconds, order: this.order++, run };
    this.timers.add(timer);
    if (this.mode === 'hasten') this.arm(timer, milliseconds / this.speed);
    return () => this.forget(timer);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  setMode(mode: 'hasten' | 'manual', speed = this.speed): void {
    this.mode = mode;
    this.speed = speed;
    for (const timer of this.timers) {
      clearTimeout(timer.wall);
      if (mode === 'hasten') this.arm(timer, (timer.due - this.now()) / speed);
    }
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
  }

  stop(): void {
    for (const timer of this.timers) this.forget(timer);
  }

  private arm(timer: Timer, wallMilliseconds: number): void {
    timer.wall = setTimeout(
      () => {
        this.forget(timer);
        timer.run();
      },
      Math.min(Math.max(0, wallMilliseconds), 2 ** 31 - 1),
    );
    timer.wall.unref();
  }

  private forget(timer: Timer): void {
    clearTimeout(timer.wall);
    this.timers.delete(timer);
  }
}
