/** A first-in-first-out line: O(1) at both ends, and what was taken is let go of. */
export class Line<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    const item = this.items[this.head];
    if (this.head === this.items.length) return undefined;
    this.head += 1;
    // Cutting off what was taken costs as much as what is left, so it waits until at least half was taken.
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  keep(wanted: (item: T) => boolean): void {
    this.items = this.items.slice(this.head).filter(wanted);
    this.head = 0;
  }

  clear(): void {
    this.items = [];
    this.head = 0;
  }
}
