import type { Tally } from './types.js';

/** Counts go on; what is shown of a class stays readable, and memory bounded. */
export const MOST_SAMPLES = 50;

export function emptyTallies<C extends string, T>(classes: readonly C[]): Record<C, Tally<T>> {
  return Object.fromEntries(
    classes.map((name) => [name, { count: 0, amountMinor: 0, samples: [] }]),
  ) as unknown as Record<C, Tally<T>>;
}

export function count<T extends { amountMinor: number | null }>(tally: Tally<T>, item: T): void {
  tally.count += 1;
  tally.amountMinor += item.amountMinor ?? 0;
  if (tally.samples.length < MOST_SAMPLES) tally.samples.push(item);
}
