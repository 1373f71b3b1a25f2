import type { CachaoError } from '../core/errors.js';
import type { Cause } from '../replay/brake.js';
import type { Comparison } from '../world/comparison/types.js';

/** An event that the handler did not take. */
export interface Refused {
  eventId: string;
  orderId: string | null;
  /** The handler's own code, or ours for a call that could not be made. */
  code: string;
  message: string;
}

/** What came of delivering what was missing. */
export interface Applied {
  /** Events that the handler took. */
  delivered: number;
  /** What the handler said that it did, and how often. */
  outcomes: Record<string, number>;
  refused: number;
  /** The first of them. */
  refusals: Refused[];
  /** Not delivered, because the run stopped before. */
  untried: number;
  /** Why the run stopped early; null: it did not. */
  stopped: Cause | 'interrupted' | null;
  /** The file that tells every event's fate. */
  journal: string;
}

export interface Reconciliation {
  /** As it was found. */
  before: Comparison;
  /** Null: nothing was to be delivered, or nothing should be. */
  applied: Applied | null;
  /** As it is after delivering; null when nothing was, or it could not be looked at. */
  after: Comparison | null;
  /** What ended the run after deliveries had begun. */
  error: CachaoError | null;
}

/** Events that deliver what is missing would deliver. */
export function deliverable({ events }: Comparison, includeBefore: boolean): number {
  return events.missing.count + (includeBefore ? events['before-recording'].count : 0);
}

/** Whether anything is there that money or a path is lost by. */
export function hasProblem(comparison: Comparison): boolean {
  const { events, orders, paths } = comparison;
  return (
    [
      events.missing,
      events['order-wrong'],
      events['not-at-stripe'],
      events['unknown-order'],
      events['livemode-mismatch'],
      orders['pending-though-paid'],
      orders['paid-without-stripe'],
    ].some((tally) => tally.count > 0) || paths.some(({ state }) => state === 'dead' || state === 'broken')
  );
}
