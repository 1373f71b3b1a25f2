import type { Hop } from '../checkout/types.js';

export type { Hop };

export interface Trace {
  /** What was asked for. */
  asked: string;
  eventId: string | null;
  eventType: string | null;
  sessionId: string | null;
  paymentIntentId: string | null;
  orderId: string | null;
  /** Other events of the same session. */
  otherEvents: { eventId: string; eventType: string; createdAt: string }[];
  hops: Hop[];
  /** The first hop that was not reached and should have been; null when nothing is amiss. */
  stoppedAt: string | null;
  /** One sentence: how it stands, or the likely reason why it stopped. */
  summary: string;
  /** Commands that help, in order. */
  next: string[];
  /** What could not be looked at, with the reason. */
  unseen: string[];
  /** Whether the ledger could be looked at, which alone decides; true where there is none to look at. */
  decided: boolean;
}
