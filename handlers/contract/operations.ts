import type { LedgerEvent } from './ledger.js';
import type { DatabaseUnreachable, DatabaseUse } from './probe.js';

/** What the operations function does for the CLI. Invoked through IAM only; one request, one response. */
export interface Operations {
  /** Looks at everything the handlers depend on; changes nothing. */
  probe: { request: Record<never, never>; response: Probe };
  /**
   * Brings our own tables up to date, and enters the stage as one that uses them; creates the shop's only when all are
   * absent and this is allowed. Idempotent.
   */
  migrate: {
    request: { createShopTables: boolean };
    /** With the database in which that was done. */
    response: { applied: string[]; shopTablesCreated: boolean; database: DatabaseUse };
  };
  /**
   * The stages that keep their ledger in the same tables, this one among them. `unnamed`: functions of an earlier version,
   * which do not say of which stage they are, have written there since this one was entered.
   */
  'list-stages': { request: Record<never, never>; response: { stages: LedgerStage[]; unnamed: boolean } };
  /**
   * Removes what our own tables record of this stage, and with `dropTables` the tables, which is refused (LEDGER_SHARED)
   * while another stage uses them. Never one of the shop's. Idempotent.
   */
  'remove-ledger': { request: { dropTables: boolean }; response: { removed: string[] } };
  /**
   * A pending order of one ticket, marked as a test (`email` ends with `@cachao.invalid`). Same run: same order.
   * `owner` names the process that makes it, and `forSeconds` says how long that needs it at most.
   */
  'create-test-order': {
    request: { runId: string; amountMinor: number; owner?: string; forSeconds?: number };
    response: { orderId: string; ticketId: string; amountMinor: number; currency: string };
  };
  /** Ties the session to the order before payment, as the shop does. */
  'attach-session': { request: { orderId: string; sessionId: string }; response: Record<never, never> };
  /** Removes a test order, its ticket and event, and gives counters back. Refuses an order that is not a test order. */
  'remove-test-order': { request: { orderId: string }; response: { removed: boolean } };
  /**
   * Test orders of this stage that an earlier run left behind: those made before so many minutes ago, or whose time is
   * over; and the others with who made them. A function of an earlier version tells of no others.
   */
  'list-test-orders': {
    request: { olderThanMinutes: number };
    response: { orderIds: string[]; others?: { orderId: string; owner: string }[] };
  };
  'get-orders': {
    request: { orderIds?: string[]; sessionIds?: string[]; paymentIntentIds?: string[] };
    response: { orders: Order[] };
  };
  /**
   * By their own ids, or by those of their sessions: at most 500 of each. Left out is what is unknown, and what arrived
   * at no function of this stage; with `anyStage`, events that another stage recorded in the same database count too.
   */
  'get-events': {
    request: { eventIds?: string[]; sessionIds?: string[]; anyStage?: boolean };
    response: { events: LedgerEvent[] };
  };
  /**
   * Events of these types that were settled from `processedSince` on and before `processedUntil`, and arrived at this
   * stage, in order of settlement. `next` is the `afterId` of the next page; null: there is none.
   */
  'list-events': {
    request: {
      types: string[];
      processedSince: string;
      processedUntil: string;
      afterId?: string;
      limit: number;
    };
    response: { events: LedgerEvent[]; next: string | null };
  };
  /**
   * Payments that were announced and had not come, of orders that still wait for them: events recorded as
   * `awaiting-payment` that Stripe made from `createdSince` on and before `createdUntil`, and that arrived at this stage.
   * `next` as above.
   */
  'list-awaiting': {
    request: { createdSince: string; createdUntil: string; afterId?: string; limit: number };
    response: { awaiting: AwaitedPayment[]; next: string | null };
  };
  /** Events of one session that arrived at this stage, in order of processing. */
  'get-session-events': { request: { sessionId: string }; response: { events: LedgerEvent[] } };
  /** Paid or pending orders with a session, by id, for the reverse comparison. Pages by `afterId`. */
  'list-orders': {
    request: { status: string; updatedSince?: string; afterId?: string; limit: number };
    response: { orders: Order[] };
  };
}

export interface AwaitedPayment {
  event: LedgerEvent;
  /** In a state that a payment ends. */
  order: Order;
}

/** A stage that keeps its ledger in the database. */
export interface LedgerStage {
  stage: string;
  livemode: boolean;
}

export type OperationName = keyof Operations;

export type OperationsRequest = {
  [N in OperationName]: { operation: N } & Operations[N]['request'];
}[OperationName];

export type OperationsResponse<N extends OperationName> =
  | ({ ok: true } & { result: Operations[N]['response'] })
  | { ok: false; error: { code: string; message: string } };

export interface Order {
  orderId: string;
  status: string;
  /** Exact decimal in major units, as stored. */
  totalAmount: string;
  amountMinor: number;
  sessionId: string | null;
  paymentIntentId: string | null;
  test: boolean;
}

export interface Probe {
  stage: string;
  livemode: boolean;
  currency: string;
  database: DatabaseUse | DatabaseUnreachable;
  /** Our own tables. `null` when the database is not reachable. */
  schema: {
    current: boolean;
    /** Names of migrations to be run: those not yet applied, and those of which something is gone. */
    pending: string[];
    /** What is gone of migrations that were applied: "table stripe_events". Functions of before do not say. */
    lost?: string[];
    /** ISO 8601: when the ledger began to record for this stage; null before the first migration. */
    recordingSince: string | null;
    /** The stages that use these tables, this one among them once it has migrated. Absent: an earlier version asked. */
    stages?: LedgerStage[];
    /**
     * What the database says to the writes of a payment, which are rolled back, or what a trigger makes of them; null: all
     * is well. Absent where they were not tried: what they need is not there, or the functions are of an earlier version.
     */
    writeRefusal?: string | null;
    shop: {
      /** Shop tables that do not exist. */
      missingTables: string[];
      /** `table.column` that the handlers need and that do not exist. */
      missingColumns: string[];
      /** Tables whose engine has no transactions. */
      wrongEngine: string[];
      /** States that the handlers write and that `ticket_orders.status` (an enum) does not know. */
      missingStatuses: string[];
      /** What else is wrong with its columns, one sentence each. Absent from functions of an earlier version. */
      problems?: string[];
      /**
       * Triggers that act on what a payment writes: "AFTER UPDATE on ticket_orders (count_sold)". Absent from functions of
       * an earlier version; those that the user may not see are not among them.
       */
      triggers?: string[];
    };
  } | null;
  /** First 12 hex digits of SHA-256 of each signing secret that the webhook handler would accept. */
  webhookSecretFingerprints: string[];
  /** Set when the parameter could not be read. */
  webhookSecretError: string | null;
}
