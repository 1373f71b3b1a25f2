import type { Via } from '../../../handlers/contract/ledger.js';

/** Where an event stands, of Stripe's or of the ledger. Each is in exactly one class. */
export const EVENT_CLASSES = [
  /** In the ledger, by every configured path that could deliver it. */
  'processed',
  /** In the ledger, but a configured path never delivered it. */
  'one-path',
  /** In the ledger by replay or reconciliation only: no configured path delivered it. */
  'repaired',
  /** In the ledger, and its order does not show it. */
  'order-wrong',
  /** In the ledger, and Stripe does not have it, or has it otherwise: forged. */
  'not-at-stripe',
  /** Not in the ledger, and old enough to be lost. */
  'missing',
  /** Not in the ledger, and too young to judge. */
  'in-flight',
  /** Not in the ledger, and older than it. */
  'before-recording',
  /** Not in the ledger; names no order, or one that does not exist. */
  'unknown-order',
  /** Not in the ledger; of a test checkout whose order was removed again. */
  'test-order',
  'livemode-mismatch',
  /** The session belongs to another stage on the same Stripe account. */
  'other-stage',
  /** The session names no order, and other products share the account. */
  'not-ours',
] as const;
export type EventClass = (typeof EVENT_CLASSES)[number];

/** Orders that contradict Stripe, seen from their side. */
export const ORDER_CLASSES = [
  /** Stripe was paid, and the order does not say so. */
  'pending-though-paid',
  /** The order says paid, and Stripe does not. */
  'paid-without-stripe',
  /** Completed unpaid, and paid since: by a capture, or by an event that is lost for good. */
  'paid-since',
  /** Completed unpaid, and not paid yet. */
  'awaiting',
  /** The same, for longer than any usual method takes. */
  'awaiting-long',
] as const;
export type OrderClass = (typeof ORDER_CLASSES)[number];

/** From `since` (included) to `until` (excluded). */
export interface ComparisonWindow {
  since: Date;
  until: Date;
}

export interface ComparedEvent {
  eventId: string;
  eventType: string;
  /** ISO 8601: Stripe's `created`. */
  createdAt: string;
  sessionId: string | null;
  orderId: string | null;
  /** What was paid with it, in the currency's minor unit; null where nothing was. */
  amountMinor: number | null;
  /** What is wrong, or what is known of its fate; empty where all is well. */
  why: string;
}

export interface ComparedOrder {
  orderId: string;
  status: string;
  sessionId: string | null;
  amountMinor: number;
  why: string;
}

export interface Tally<T> {
  count: number;
  /** The sum of what was paid, in the currency's minor unit. */
  amountMinor: number;
  /** The first of them, at most `MOST_SAMPLES`. */
  samples: T[];
}

export type ConfiguredPath = Extract<Via, 'eventbridge' | 'webhook'>;

/** How one configured path has been delivering. */
export interface PathTally {
  via: ConfiguredPath;
  /** ISO 8601: events from before are not expected on it. */
  since: string | null;
  expected: number;
  delivered: number;
  /** Of those that it did not deliver, how many are nowhere in the ledger. */
  lost: number;
  /** ISO 8601, by the time of the event. */
  firstMissedAt: string | null;
  lastMissedAt: string | null;
  lastDeliveredAt: string | null;
  state:
    | 'idle'
    | 'healthy'
    /** Missed some, and delivers again. */
    | 'recovered'
    /** Delivered none of the newest. */
    | 'broken'
    /** Delivered none at all. */
    | 'dead';
}

/** What was paid at Stripe in the window for orders of this stage, and what their orders say. Without test orders. */
export interface Books {
  sessions: number;
  stripeMinor: number;
  orders: number;
  ordersMinor: number;
}

/** Stripe's events and sessions of a window beside the ledger and the orders. */
export interface Comparison {
  /** ISO 8601. */
  since: string;
  until: string;
  /** ISO 8601; null before the first migration. */
  recordingSince: string | null;
  currency: string;
  events: Record<EventClass, Tally<ComparedEvent>>;
  orders: Record<OrderClass, Tally<ComparedOrder>>;
  paths: PathTally[];
  books: Books;
  /** What could not be looked at, with the reason. */
  unseen: string[];
}
