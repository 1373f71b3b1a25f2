import type { Span } from '../document/node.js';

/** Which stretches of a text are taken; looked up in logarithmic time. Insertions at one place do not disturb each other. */
export class Occupied {
  /** In order; they do not overlap. */
  readonly #stretches: Span[] = [];
  /** In order. */
  readonly #points: number[] = [];

  isFree({ start, end }: Span): boolean {
    const next = firstFrom(this.#stretches.length, (index) => (this.#stretches[index] as Span).end > start);
    const stretch = this.#stretches[next];
    if (stretch && (start === end ? stretch.start < start : stretch.start < end)) return false;
    if (start === end) return true;
    const point =
      this.#points[firstFrom(this.#points.length, (index) => (this.#points[index] as number) > start)];
    return point === undefined || point >= end;
  }

  add({ start, end }: Span): void {
    if (start === end) {
      const at = firstFrom(this.#points.length, (index) => (this.#points[index] as number) >= start);
      this.#points.splice(at, 0, start);
    } else {
      const at = firstFrom(
        this.#stretches.length,
        (index) => (this.#stretches[index] as Span).start >= start,
      );
      this.#stretches.splice(at, 0, { start, end });
    }
  }
}

/** The first index for which it holds, where it holds for all behind it. */
function firstFrom(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
