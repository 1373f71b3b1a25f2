import { LEDGER_MIGRATION } from '../contract/ledger.js';

/** A column of one of our own tables. */
export interface Column {
  name: string;
  /** Its type with character set; without NULL, NOT NULL and DEFAULT. */
  type: string;
  nullable?: true;
  comment?: string;
  /**
   * What rows get that lost it, as SQL, where somebody dropped the column. Absent from those that say which row it is: a
   * table without them is not ours, or is beyond repair. A nullable column gets NULL.
   */
  lost?: string;
  /** Another column of the table whose value says as much, once the column is back. */
  like?: string;
}

/**
 * A change of our own tables. Names never change. What is there decides what a migration does: it makes what is missing,
 * so it bears being run again, after a crash (DDL commits itself) and after somebody dropped something.
 */
export interface Migration {
  name: string;
  table: string;
  /** Those that it adds to the table. */
  columns: Column[];
  /** The table is made by this migration, with this key. Absent from migrations that add to a table. */
  primaryKey?: string[];
  /** Indexes that it adds: their names, and their columns in order. */
  keys?: Record<string, string[]>;
}

export const TABLE_OPTIONS = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4';
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';
const ID = `VARCHAR(255) ${ASCII}`;
const TIME = 'DATETIME(3)';

export const MIGRATIONS_TABLE_NAME = 'cachao_migrations';
export const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS ${MIGRATIONS_TABLE_NAME} (
  name VARCHAR(64) ${ASCII} NOT NULL,
  applied_at ${TIME} NOT NULL,
  PRIMARY KEY (name)
) ${TABLE_OPTIONS}`;

const STAGE = `VARCHAR(32) ${ASCII}`;
/** '' in rows that functions of an earlier version wrote. */
const STAGE_OF_ROW: Column = { name: 'stage', type: STAGE, lost: "''" };

/** One row per Stripe event, one per arrival of it, and what test orders consist of. Times are UTC. */
export const MIGRATIONS: Migration[] = [
  {
    name: LEDGER_MIGRATION,
    table: 'stripe_events',
    columns: [
      { name: 'event_id', type: ID },
      { name: 'event_type', type: `VARCHAR(255) ${ASCII}`, lost: "''" },
      {
        ...{ name: 'created_at', type: TIME, comment: 'when Stripe made the event' },
        ...{ lost: "'1970-01-01 00:00:00'", like: 'processed_at' },
      },
      { name: 'livemode', type: 'TINYINT(1)', lost: '0' },
      { name: 'session_id', type: ID, nullable: true },
      { name: 'order_id', type: 'VARCHAR(255)', nullable: true },
      // Judged by its order then, like one that found everything done.
      { name: 'outcome', type: `VARCHAR(32) ${ASCII}`, lost: "'no-change'" },
      { name: 'processed_at', type: TIME, lost: "'1970-01-01 00:00:00'", like: 'created_at' },
    ],
    primaryKey: ['event_id'],
    keys: { by_session: ['session_id'], by_created: ['created_at'] },
  },
  {
    name: '0002-stripe-event-arrivals',
    table: 'stripe_event_arrivals',
    columns: [
      { name: 'event_id', type: ID },
      { name: 'arrival_id', type: `VARCHAR(64) ${ASCII}`, comment: 'the request of the function' },
      // Which path it was is not known any more, and no path may look healthy by it.
      { name: 'via', type: `VARCHAR(16) ${ASCII}`, lost: "'reconcile'" },
      { name: 'received_at', type: TIME, lost: "'1970-01-01 00:00:00'" },
    ],
    primaryKey: ['event_id', 'arrival_id'],
  },
  {
    name: '0003-cachao-test-orders',
    table: 'cachao_test_orders',
    columns: [
      { name: 'run_id', type: `VARCHAR(128) ${ASCII}` },
      { name: 'order_id', type: 'VARCHAR(255)' },
      { name: 'ticket_id', type: 'VARCHAR(255)' },
      { name: 'amount_minor', type: 'BIGINT' },
      { name: 'made_rows', type: 'TEXT', comment: 'JSON: every row that was made for it, in order' },
      { name: 'created_at', type: TIME, lost: "'1970-01-01 00:00:00'" },
    ],
    primaryKey: ['run_id'],
    keys: { by_order: ['order_id'] },
  },
  { name: '0004-arrival-stage', table: 'stripe_event_arrivals', columns: [STAGE_OF_ROW] },
  {
    name: '0005-test-order-run',
    table: 'cachao_test_orders',
    columns: [
      STAGE_OF_ROW,
      { name: 'owner', type: 'VARCHAR(255)', lost: "''" },
      { name: 'over_at', type: TIME, nullable: true },
    ],
  },
  {
    name: '0006-cachao-stages',
    table: 'cachao_stages',
    columns: [
      { name: 'stage', type: STAGE },
      { name: 'livemode', type: 'TINYINT(1)', lost: '0' },
      { name: 'since', type: TIME, lost: "'1970-01-01 00:00:00'" },
    ],
    primaryKey: ['stage'],
  },
  {
    // For comparisons: what was settled in a window, and which payments are awaited.
    name: '0007-ledger-indexes',
    table: 'stripe_events',
    columns: [],
    keys: { by_processed: ['processed_at'], by_outcome: ['outcome'] },
  },
];

/** Every table that a migration makes. */
export const LEDGER_TABLES: readonly string[] = [...new Set(MIGRATIONS.map(({ table }) => table))];
