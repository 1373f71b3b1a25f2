import type { ErrorTable } from './types.js';

/** Finding the payment that is to be followed. */
export const TRACE_ERRORS = {
  EVENT_UNKNOWN: {
    what: 'Neither Stripe nor the ledger knows the event.',
    why: 'It is older than 30 days, of another account or mode, or mistyped.',
    next: 'Give the session, the payment intent or the order: those do not expire.',
    example: 'Stripe knows no event evt_1 in this account (test mode), and neither does the ledger.',
  },
  ID_MALFORMED: {
    what: 'This is no id of an event, session, payment intent or order.',
    why: "Ids begin with evt_, cs_test_, cs_live_ or pi_; an order's id is the shop's own.",
    next: 'Copy the id from the Stripe dashboard or the shop.',
    example: '"evt 1" is no id of an event, session, payment intent or order.',
  },
  ID_OTHER_MODE: {
    what: 'The id is of the other mode than the stage.',
    why: 'A test stage has no live payments, and the other way round.',
    next: 'Name a stage of that mode with --stage.',
    example: 'cs_live_… is of live mode, and this stage takes test payments.',
  },
  ORDERS_UNSEEN: {
    what: 'The order cannot be looked up.',
    why: 'The database cannot be asked from here; the message says why.',
    next: 'Give the session, the payment intent or the event instead.',
    example: 'The order 17 cannot be looked up.',
  },
  ORDER_UNKNOWN: {
    what: "The stage's database has no such order.",
    why: 'The id is mistyped, or of another stage.',
    next: 'Check the id and --stage; or give the session, payment intent or event.',
    example: 'There is no order 17 in the database of stage dev.',
  },
  PAYMENT_UNKNOWN: {
    what: 'Stripe knows no Checkout Session that was paid by this payment.',
    why: 'The payment is of another account or mode, or was not made by Checkout: then no order belongs to it.',
    next: 'Give the session or the event; the Stripe dashboard shows both with the payment.',
    example: 'Stripe knows no Checkout Session that was paid by pi_1 (test mode).',
  },
  SESSION_UNKNOWN: {
    what: 'Stripe knows no such Checkout Session.',
    why: 'It is of another Stripe account, or mistyped.',
    next: 'Check the id, and that the Stripe key is of the account where the payment was made.',
    example: 'Stripe knows no session cs_test_1 (test mode).',
  },
} as const satisfies ErrorTable;
