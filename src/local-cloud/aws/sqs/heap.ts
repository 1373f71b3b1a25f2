/** A binary min-heap: `push` and `pop` in O(log n), the smallest by `order` first. */
export class Heap<T> {
  private items: T[] = [];

  constructor(private readonly order: (item: T) => number) {}

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    this.items.push(item);
    this.rise(this.items.length - 1);
  }

  pop(): T | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (first === undefined || last === undefined || this.items.length === 0) return first;
    this.items[0] = last;
    this.sink(0);
    return first;
  }

  /** Drops what is no longer wanted and restores the order, in O(n). */
  keep(wanted: (item: T) => boolean): void {
    this.items = this.items.filter(wanted);
    for (let index = (this.items.length >> 1) - 1; index >= 0; index--) this.sink(index);
  }

  clear(): void {
    this.items = [];
  }

  private rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.before(parent, index)) return;
      this.swap(parent, index);
      index = parent;
    }
  }

  private sink(start: number): void {
    let index = start;
    for (;;) {
      const left = index * 2 + 1;
      if (left >= this.items.length) return;
      const right = left + 1;
      const child = right < this.items.length && !this.before(left, right) ? right : left;
      if (this.before(index, child)) return;
      this.swap(index, child);
      index = child;
    }
  }

  private before(a: number, b: number): boolean {
    return this.order(this.items[a] as T) <= this.order(this.items[b] as T);
  }

  private swap(a: number, b: number): void {
    const kept = this.items[a] as T;
    this.items[a] = this.items[b] as T;
    this.items[b] = kept;
  }
}
