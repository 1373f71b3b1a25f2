import type { RequirementTable } from './types.js';

/** What must hold for the area `secret`. */
export const SECRET = {
  'secret.database': {
    severity: 'fail',
    title: "The database's URL and password are stored as a SecureString",
    why: 'The functions read it by name; in a parameter of the stack or in their environment anyone with read access would see the password.',
  },
  'secret.no-stripe-key': {
    severity: 'fail',
    title: 'No function holds a Stripe API key',
    why: 'Nothing on the payment path calls Stripe. A key in an environment can be read by everyone who may look at the function, and does with the account whatever it allows.',
  },
  'secret.webhook': {
    severity: 'fail',
    item: 12,
    title: "The webhook's signing secret is stored, well-formed, and the one the handler uses",
    why: 'With a wrong secret the handler refuses every event that Stripe sends to the webhook.',
  },
} as const satisfies RequirementTable;
