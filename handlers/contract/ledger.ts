/** The ledger's own migration: when it was applied, recording began. */
export const LEDGER_MIGRATION = '0001-stripe-events';

/** The path by which an event arrived at a handler. */
export type Via = 'eventbridge' | 'webhook' | 'replay' | 'reconcile';

/** What applying an event did. All of these are successes; anything else is thrown. */
export type EventOutcome =
  /** The order went from pending to paid, now. */
  | 'paid'
  /** The order went from pending to expired or failed, now. */
  | 'released'
  /** A delayed payment method: complete, not yet paid. */
  | 'awaiting-payment'
  /** This event, or another about the same session, had already done it; or the order was already settled. */
  | 'no-change'
  /** A type that the handlers do not act on: recorded. */
  | 'ignored-type'
  /** The session's `cachao_stage` names another stage: recorded, counted. */
  | 'other-stage'
  /** No `order_id`, and the account is shared with other products. */
  | 'not-ours';

/** Codes of errors that the handlers throw; they stand in the Lambda error's `errorType`, logs and dead letters. */
export type HandlerErrorCode =
  | 'MALFORMED_EVENT'
  | 'MISSING_ORDER_ID'
  | 'UNKNOWN_ORDER'
  | 'AMOUNT_MISMATCH'
  | 'CURRENCY_MISMATCH'
  | 'LIVEMODE_MISMATCH'
  /** The order was paid by another session before: refund this payment. */
  | 'SESSION_MISMATCH'
  /** Of a connected account, on a stage that does not take their payments. */
  | 'CONNECTED_ACCOUNT'
  /** Paid at Stripe, but the order is in a state that a payment does not end (the shop cancelled it, say). */
  | 'ORDER_NOT_PAYABLE'
  /** A table or column that the handlers need is missing, or refuses what they write. */
  | 'DATABASE_SCHEMA'
  | 'DATABASE_UNAVAILABLE'
  | 'CONFIGURATION';

/**
 * The structured line that a handler logs for each event it finishes or refuses: `cachao trace` and the
 * checkout's trace read it. Never carries a body, an e-mail or a secret.
 */
export interface EventLogRecord {
  level: 'INFO' | 'ERROR';
  message: 'stripe-event';
  eventId: string;
  eventType: string;
  via: Via;
  /** ISO 8601 with milliseconds, when the handler was entered. */
  receivedAt: string;
  /** The EventBridge envelope's own time, whole seconds; only for events that came in one. */
  envelopeTime?: string;
  outcome: EventOutcome | 'error';
  orderId?: string;
  code?: HandlerErrorCode | string;
  durationMs: number;
}

export interface LedgerArrival {
  via: Via;
  /** ISO 8601 with milliseconds. */
  receivedAt: string;
}

export interface LedgerEvent {
  eventId: string;
  eventType: string;
  /** ISO 8601: Stripe's `created`. */
  createdAt: string;
  livemode: boolean;
  sessionId: string | null;
  orderId: string | null;
  outcome: EventOutcome;
  /** ISO 8601 with milliseconds: the commit that settled it. */
  processedAt: string;
  arrivals: LedgerArrival[];
}
