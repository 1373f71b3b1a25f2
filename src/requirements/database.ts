import type { RequirementTable } from './types.js';

/** What must hold for the area `database`. */
export const DATABASE = {
  'database.reachable': {
    severity: 'fail',
    item: 9,
    title: 'The functions reach the orders database',
    why: 'A handler that cannot reach the database fails for every payment until the events land in the dead-letter queue.',
  },
  'database.schema': {
    severity: 'fail',
    title: "The ledger tables are current, and the shop's tables have what the handlers need",
    why: 'A missing table or column fails every payment; an engine without transactions could pay an order twice.',
  },
  'database.test-orders': {
    severity: 'warn',
    title: 'No test order of an interrupted checkout is left',
    why: 'A test checkout that was killed could not remove its order: it is still among the orders of the shop, perhaps as paid.',
  },
  'database.tls': {
    severity: 'warn',
    title: 'The database connection is encrypted and verifies the server',
    why: "Without TLS the password and every order cross the network readable; without verification anybody in between can answer in the database's place.",
  },
  'database.used': {
    severity: 'fail',
    title: 'Every function uses the configured database',
    why: 'Orders that are marked paid in another database stay open in the shop, and a proof on one of them says nothing of the other.',
  },
} as const satisfies RequirementTable;
