import type { Cancel, Clock } from '../../../kernel/clock.js';

/** Things due within the same tenth of a second share a timer. */
const GRAIN = 100;

/** Holds things until they are due, with few timers for many of them. May be early by a grain, never late. */
export class DueList<T> {
  private readonly buckets = new Map<number, { items: T[]; cancel: Cancel }>();

  constructor(
    private readonly clock: Clock,
    private readonly onDue: (items: T[]) => void,
  ) {}

  /** `at`: milliseconds of the cloud's time. */
  add(at: number, item: T): void {
    const key = Math.floor(at / GRAIN);
    const bucket = this.buckets.get(key);
    if (bucket) {
      bucket.items.push(item);
      return;
    }
    const items = [item];
    const cancel = this.clock.after(Math.max(0, key * GRAIN - this.clock.now()), () => {
      this.buckets.delete(key);
      this.onDue(items);
    });
    this.buckets.set(key, { items, cancel });
  }

  stop(): void {
    for (const { cancel } of this.buckets.values()) cancel();
    this.buckets.clear();
  }
}
