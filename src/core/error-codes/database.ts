import type { ErrorTable } from './types.js';

/** The orders database and the ledger in it. */
export const DATABASE_ERRORS = {
  NO_UPDATED_AT: {
    what: 'The table ticket_orders has no column updated_at.',
    why: 'Without it, orders that were paid in a time without an event cannot be found.',
    next: 'Add the column, as docs/orders-schema.md describes it. The rest of the comparison needs none.',
    example: 'The operations function could not do paid-orders: ticket_orders has no column updated_at.',
  },
  CONFIGURATION: {
    what: 'A deployed function is configured wrongly.',
    why: 'A variable of its environment is missing or wrong, or a secret cannot be read.',
    next: 'Run cachao doctor to see which one, and cachao doctor --fix to repair it.',
    example: 'CONFIGURATION: CACHAO_CURRENCY is missing',
  },
  DATABASE_DIFFERS: {
    what: 'Not every function uses the configured database.',
    why: 'A proof on another database proves nothing.',
    next: 'Run cachao doctor, which says which function differs, and how.',
    example: 'Not every function uses the configured database: cachao-dev-webhook uses another one.',
  },
  DATABASE_SCHEMA: {
    what: 'A table or column that the functions need is missing, or refuses what they write.',
    why: "A migration has not run, or the shop's tables changed.",
    next: "Run cachao doctor --only database.schema; cachao doctor --fix repairs the ledger's tables.",
    example: 'DATABASE_SCHEMA: table ticket_orders has no column paid_at',
  },
  DATABASE_UNAVAILABLE: {
    what: 'A function could not use the database.',
    why: 'The database is down, refuses the connection, or does not answer in time.',
    next: 'Run cachao doctor --only database, mend what it says, then replay the messages.',
    example: 'DATABASE_UNAVAILABLE: connect ETIMEDOUT',
  },
  DATABASE_UNREACHABLE: {
    what: 'The orders database could not be reached.',
    why: 'The network, a firewall, TLS or the password; the message has the reason.',
    next: 'Run cachao doctor --only database. A proof from this machine needs a way to the database from here.',
    example: "The functions do not reach the orders database: Access denied for user 'shop'",
  },
  LEDGER_MISSING: {
    what: 'There is no ledger to compare with.',
    why: "The ledger is made by setup, and only cachao's own functions write it.",
    next: 'Run cachao setup; on a stack of your own follow single payments with cachao trace.',
    example: 'The orders database has no ledger yet, so there is nothing to compare with.',
  },
  TEST_ORDER_REFUSED: {
    what: "The shop's database takes no test order.",
    why: 'A column has no default, or a rule of the table refuses the row.',
    next: 'Leave --database out: then logs and metrics are the proof.',
    example: "The shop's database takes no test order: Field 'customer_id' doesn't have a default value.",
  },
} as const satisfies ErrorTable;
