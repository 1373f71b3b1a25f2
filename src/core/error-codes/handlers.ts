import type { ErrorTable } from './types.js';

/** Why a function refuses an event. They are in its log, in the dead-letter queues and in traces. */
export const HANDLERS_ERRORS = {
  AMOUNT_MISMATCH: {
    what: "The amount that was paid is not the order's total.",
    why: 'The order changed after the session was made, or the setting orderAmount is not what total_amount holds.',
    next: 'Compare both amounts. Correct the order or orderAmount, or refund; then replay the message.',
    example: 'AMOUNT_MISMATCH: 4200 were paid, and the order costs 4900',
  },
  CONNECTED_ACCOUNT: {
    what: 'The payment is of a connected account, and this stage does not take those.',
    why: 'Whoever can connect an account could otherwise pay orders of this shop with their own account.',
    next: "Set connectedAccounts if they are meant to pay this shop's orders; then replay.",
    example: 'CONNECTED_ACCOUNT: the event is of acct_123',
  },
  CURRENCY_MISMATCH: {
    what: "The payment is in another currency than the stage's.",
    why: 'Amounts in two currencies cannot be compared.',
    next: 'Correct the setting currency, or the session that the shop makes; then replay.',
    example: 'CURRENCY_MISMATCH: usd was paid, and the shop takes eur',
  },
  LIVEMODE_MISMATCH: {
    what: 'A test event reached a live stage, or a live event a test stage.',
    why: 'A test payment must never mark a real order paid.',
    next: 'Find which destination or endpoint sends it: cachao doctor --only stripe.',
    example: 'LIVEMODE_MISMATCH: a test event on a live stage',
  },
  MALFORMED_EVENT: {
    what: "The function got something that is no event of Stripe's.",
    why: 'Something else invoked it, or a message was changed.',
    next: "Look at it with cachao replay-dlq --show ID. If it is not Stripe's, move it out with --quarantine.",
    example: 'MALFORMED_EVENT: detail.id is missing',
  },
  MISSING_ORDER_ID: {
    what: 'The Checkout Session names no order.',
    why: 'The shop did not set metadata.order_id, or another product shares the Stripe account.',
    next: 'Set metadata.order_id on each session; or sharedStripeAccount, if other products share the account.',
    example: 'MISSING_ORDER_ID: cs_test_123 has no metadata.order_id',
  },
  ORDER_NOT_PAYABLE: {
    what: 'The order is in a state that a payment does not end.',
    why: 'The shop cancelled it, for example, while the customer paid.',
    next: 'Decide: refund the payment, or put the order back into its open state and replay.',
    example: 'ORDER_NOT_PAYABLE: order 17 is cancelled',
  },
  SESSION_MISMATCH: {
    what: 'The order was paid by another session before.',
    why: 'The customer paid twice.',
    next: 'Refund this payment, then quarantine the message.',
    example: 'SESSION_MISMATCH: order 17 belongs to cs_test_1',
  },
  UNKNOWN_ORDER: {
    what: 'The order that the session names is not in the database.',
    why: 'The function uses another database, or the order was deleted or not committed when it was paid.',
    next: 'cachao doctor --only database says which database is used. When the order is there, replay.',
    example: 'UNKNOWN_ORDER: there is no order 17',
  },
} as const satisfies ErrorTable;
