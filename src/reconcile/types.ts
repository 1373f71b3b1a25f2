import type { CachaoError } from '../core/errors.js';
import type { Cause } from '../replay/circuit-breaker.js';
import { type Comparison, EVENT_CLASSES, type EventClass } from '../world/comparison/types.js';
import type { FunctionUse } from '../world/database-use.js';

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
  /** Which database each function uses. */
  database: FunctionUse[];
  /** As it was found. */
  before: Comparison;
  /** Null: nothing was to be delivered, or nothing should be. */
  applied: Applied | null;
  /** As it is after delivering; null when nothing was, or it could not be looked at. */
  after: Comparison | null;
  /** What ended the run after deliveries had begun. */
  error: CachaoError | null;
}

/** What is delivered beside what is missing. */
export interface Included {
  /** Also what Stripe made before the ledger began. */
  includeBefore: boolean;
  /** Also what is younger than ten minutes and may still come by itself. */
  includeInFlight: boolean;
}

/** Whether an event of this class is delivered. */
export function isDelivered(name: EventClass, { includeBefore, includeInFlight }: Included): boolean {
  if (name === 'before-recording') return includeBefore;
  return name === 'in-flight' ? includeInFlight : name === 'missing';
}

/** Events that would be delivered: those that the ledger does not have, and those whose payment has come since. */
export function deliverable({ events, orders }: Comparison, included: Included): number {
  return EVENT_CLASSES.filter((name) => isDelivered(name, included)).reduce(
    (sum, name) => sum + events[name].count,
    orders['paid-since'].count,
  );
}

/** Whether anything is there that money or a path is lost by. */
export function hasProblem(comparison: Comparison): boolean {
  return hasLoss(comparison) || comparison.paths.some(({ state }) => state === 'dead' || state === 'broken');
}

/** Whether any event or order is not as Stripe says. */
export function hasLoss({ events, orders }: Comparison): boolean {
  return [
    events.missing,
    events['order-wrong'],
    events['not-at-stripe'],
    events['unknown-order'],
    events['livemode-mismatch'],
    orders['pending-though-paid'],
    orders['paid-without-stripe'],
    orders['paid-since'],
  ].some((tally) => tally.count > 0);
}
