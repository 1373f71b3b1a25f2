import type { Via } from '../../handlers/contract/ledger.js';
import type { FunctionUse } from '../world/database-use.js';

/** One configured path, and what it did with the event. */
export interface PathResult {
  via: Extract<Via, 'eventbridge' | 'webhook'>;
  delivered: boolean;
  /** ISO 8601, when the handler was entered; null when it never was. */
  arrivedAt: string | null;
  /** What the handler's own log says of this arrival; null when the log has not shown it. */
  outcome: string | null;
}

export interface Hop {
  label: string;
  detail: string;
  outcome: 'reached' | 'not-reached' | 'failed' | 'unknown';
  /** ISO 8601; null when it is not known. */
  at: string | null;
  /** The time was not recorded there, but follows from its neighbours. */
  inferred: boolean;
}

export interface CheckoutResult {
  /** `payment` in test mode; `expiry` where payment is impossible: a marked session was created and expired. */
  proof: 'payment' | 'expiry';
  passed: boolean;
  /** One line: what was proven, or which path is dead. */
  summary: string;
  runId: string;
  /** null in a stack of somebody else's whose database was not named: no order is made there. */
  orderId: string | null;
  sessionId: string | null;
  paymentIntentId: string | null;
  eventId: string | null;
  orderStatus: string | null;
  paths: PathResult[];
  hops: Hop[];
  /** Which database each function uses; empty in a stack of somebody else's. */
  database: FunctionUse[];
  testOrderRemoved: boolean;
}
