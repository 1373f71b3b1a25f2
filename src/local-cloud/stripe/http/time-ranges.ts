import { hash, integer, isMap, optional, type Shape } from './shapes.js';

/** Seconds since the epoch. */
export interface TimeRange {
  gt?: number | undefined;
  gte?: number | undefined;
  lt?: number | undefined;
  lte?: number | undefined;
}

const seconds = optional(integer({ least: 0 }));
const bounds = hash({ gt: seconds, gte: seconds, lt: seconds, lte: seconds });

/** `created=1700000000` or `created[gte]=…`. */
export function timeRange(): Shape<TimeRange | undefined> {
  return {
    read(value, path) {
      if (value === undefined) return undefined;
      if (isMap(value)) return bounds.read(value, path);
      const exactly = integer({ least: 0 }).read(value, path);
      return { gte: exactly, lte: exactly };
    },
  };
}

export function within(range: TimeRange | undefined, time: number): boolean {
  if (!range) return true;
  const { gt, gte, lt, lte } = range;
  return (
    (gt === undefined || time > gt) &&
    (gte === undefined || time >= gte) &&
    (lt === undefined || time < lt) &&
    (lte === undefined || time <= lte)
  );
}
