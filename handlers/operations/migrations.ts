/** A change of our own tables. Names never change; statements must bear being run twice, because DDL commits itself. */
export interface Migration {
  name: string;
  /** The table that it makes, and the columns it must have afterwards. */
  table: string;
  columns: string[];
  statement: string;
}

const TABLE_OPTIONS = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4';
const ID = 'VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin';

export const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS cachao_migrations (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  applied_at DATETIME(3) NOT NULL,
  PRIMARY KEY (name)
) ${TABLE_OPTIONS}`;

/** The ledger's own migration: when it was applied, recording began. */
export const LEDGER_MIGRATION = '0001-stripe-events';

/** One row per Stripe event, one per arrival of it, and what test orders consist of. Times are UTC. */
export const MIGRATIONS: Migration[] = [
  {
    name: LEDGER_MIGRATION,
    table: 'stripe_events',
    columns: [
      'event_id',
      'event_type',
      'created_at',
      'livemode',
      'session_id',
      'order_id',
      'outcome',
      'processed_at',
    ],
    statement: `CREATE TABLE IF NOT EXISTS stripe_events (
      event_id ${ID} NOT NULL,
      event_type VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      created_at DATETIME(3) NOT NULL COMMENT 'when Stripe made the event',
      livemode TINYINT(1) NOT NULL,
      session_id ${ID} NULL,
      order_id VARCHAR(255) NULL,
      outcome VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      processed_at DATETIME(3) NOT NULL,
      PRIMARY KEY (event_id),
      KEY by_session (session_id),
      KEY by_created (created_at)
    ) ${TABLE_OPTIONS}`,
  },
  {
    name: '0002-stripe-event-arrivals',
    table: 'stripe_event_arrivals',
    columns: ['event_id', 'arrival_id', 'via', 'received_at'],
    statement: `CREATE TABLE IF NOT EXISTS stripe_event_arrivals (
      event_id ${ID} NOT NULL,
      arrival_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the request of the function',
      via VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      received_at DATETIME(3) NOT NULL,
      PRIMARY KEY (event_id, arrival_id)
    ) ${TABLE_OPTIONS}`,
  },
  {
    name: '0003-cachao-test-orders',
    table: 'cachao_test_orders',
    columns: ['run_id', 'order_id', 'ticket_id', 'amount_minor', 'made_rows', 'created_at'],
    statement: `CREATE TABLE IF NOT EXISTS cachao_test_orders (
      run_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      order_id VARCHAR(255) NOT NULL,
      ticket_id VARCHAR(255) NOT NULL,
      amount_minor BIGINT NOT NULL,
      made_rows TEXT NOT NULL COMMENT 'JSON: every row that was made for it, in order',
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (run_id),
      KEY by_order (order_id)
    ) ${TABLE_OPTIONS}`,
  },
];
