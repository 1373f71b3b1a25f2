import { Heap } from './heap.js';
import { Line } from './line.js';

/** What the index knows of one message: enough to choose the next without reading records. */
export interface Entry {
  readonly id: string;
  /** Milliseconds. Retention counts from here. */
  readonly sentAt: number;
  /** Receivable from this moment on. */
  visibleAt: number;
  state: 'ready' | 'delayed' | 'inflight' | 'gone';
}

interface Wait {
  entry: Entry;
  at: number;
}

/**
 * The messages of one queue, ordered for receiving: a line of ready ones, a heap of those that wait (delayed or in
 * flight) and a heap by age. Removed entries are skipped when met, and swept out once they outnumber the living, so
 * that every step is O(log n) and memory follows the number of messages.
 */
export class MessageIndex {
  private readonly entries = new Map<string, Entry>();
  private readonly ready = new Line<Entry>();
  private readonly waiting = new Heap<Wait>((wait) => wait.at);
  private readonly byAge = new Heap<Entry>((entry) => entry.sentAt);
  private readonly counts = { ready: 0, delayed: 0, inflight: 0 };

  get size(): number {
    return this.entries.size;
  }

  count(state: 'ready' | 'delayed' | 'inflight'): number {
    return this.counts[state];
  }

  get(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  ids(): string[] {
    return [...this.entries.keys()];
  }

  add(id: string, sentAt: number, visibleAt: number, state: 'ready' | 'delayed' | 'inflight'): void {
    const entry: Entry = { id, sentAt, visibleAt, state };
    this.entries.set(id, entry);
    this.counts[state] += 1;
    this.byAge.push(entry);
    this.place(entry);
  }

  remove(id: string): void {
    const entry = this.entries.get(id);
    if (!entry || entry.state === 'gone') return;
    this.counts[entry.state] -= 1;
    entry.state = 'gone';
    this.entries.delete(id);
    this.sweep();
  }

  /** Takes the next ready message; it is in flight until `visibleAt`. */
  take(visibleAt: number): Entry | undefined {
    for (let entry = this.ready.shift(); entry; entry = this.ready.shift()) {
      if (entry.state !== 'ready') continue;
      this.hide(entry, visibleAt);
      return entry;
    }
    return undefined;
  }

  /** Changes when an in-flight message returns. */
  hide(entry: Entry, visibleAt: number): void {
    this.move(entry, 'inflight');
    entry.visibleAt = visibleAt;
    this.place(entry);
  }

  /** Makes ready what has waited long enough; returns how many. */
  release(now: number): number {
    let released = 0;
    for (let wait = this.waiting.peek(); wait && wait.at <= now; wait = this.waiting.peek()) {
      this.waiting.pop();
      if (!stillWaits(wait)) continue;
      this.move(wait.entry, 'ready');
      this.ready.push(wait.entry);
      released += 1;
    }
    return released;
  }

  /** When the next waiting message becomes ready. */
  nextRelease(): number | undefined {
    for (let wait = this.waiting.peek(); wait; wait = this.waiting.peek()) {
      if (stillWaits(wait)) return wait.at;
      this.waiting.pop();
    }
    return undefined;
  }

  /** The oldest message, whatever its state. */
  oldest(): Entry | undefined {
    for (let entry = this.byAge.peek(); entry; entry = this.byAge.peek()) {
      if (entry.state !== 'gone') return entry;
      this.byAge.pop();
    }
    return undefined;
  }

  private place(entry: Entry): void {
    if (entry.state === 'ready') this.ready.push(entry);
    else this.waiting.push({ entry, at: entry.visibleAt });
    this.sweep();
  }

  private move(entry: Entry, state: 'ready' | 'delayed' | 'inflight'): void {
    if (entry.state !== 'gone') this.counts[entry.state] -= 1;
    this.counts[state] += 1;
    entry.state = state;
  }

  private sweep(): void {
    const slack = 1024;
    if (this.byAge.size > this.entries.size * 2 + slack) this.byAge.keep((entry) => entry.state !== 'gone');
    if (this.ready.length > this.counts.ready * 2 + slack)
      this.ready.keep((entry) => entry.state === 'ready');
    if (this.waiting.size > (this.counts.inflight + this.counts.delayed) * 2 + slack)
      this.waiting.keep(stillWaits);
  }
}

function stillWaits({ entry, at }: Wait): boolean {
  return (entry.state === 'inflight' || entry.state === 'delayed') && entry.visibleAt === at;
}
