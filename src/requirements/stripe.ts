import type { RequirementTable } from './types.js';

/** What must hold for the area `stripe`. */
export const STRIPE = {
  'stripe.destination': {
    severity: 'fail',
    item: 12,
    title: 'An EventBridge destination for this AWS account and region exists',
    why: 'Stripe sends events to EventBridge only through an event destination; without one nothing leaves Stripe.',
  },
  'stripe.destination-accounts': {
    severity: 'fail',
    item: 12,
    title: 'The event destination sends events of the configured accounts',
    why: "A destination that listens to connected accounts alone sends none of the shop's own payments; one that listens to both sends payments which are on another account's balance, and the handlers refuse them.",
  },
  'stripe.destination-enabled': {
    severity: 'fail',
    item: 12,
    title: 'The event destination is enabled',
    why: 'A disabled destination sends nothing, and Stripe cannot resend to EventBridge what it did not send.',
  },
  'stripe.destination-events': {
    severity: 'fail',
    item: 12,
    title: 'The event destination sends every handled event type',
    why: 'A type that is not sent never reaches the handler: delayed payments would stay pending for ever.',
  },
  'stripe.destination-payload': {
    severity: 'fail',
    item: 12,
    title: 'The event destination sends snapshots in a supported API version',
    why: 'A thin event carries no session, and a session of an unknown version may lack what decides whether the order is paid.',
  },
  'stripe.destination-unique': {
    severity: 'warn',
    title: 'No second destination delivers the same events here',
    why: 'Each destination has its own source and bus: its events pass unmonitored, and a rule on that bus would handle payments a second time.',
  },
  'stripe.webhook': {
    severity: 'fail',
    item: 12,
    title: 'A webhook endpoint exists for the deployed URL',
    why: 'The webhook is the second path: it delivers what EventBridge loses while its source is not associated.',
  },
  'stripe.webhook-enabled': {
    severity: 'fail',
    item: 12,
    title: 'The webhook endpoint is enabled',
    why: 'Stripe disables an endpoint that failed for days; it then sends nothing more, without an alarm on AWS.',
  },
  'stripe.webhook-events': {
    severity: 'fail',
    item: 12,
    title: 'The webhook endpoint sends every handled event type',
    why: 'A type that is not sent is missing exactly when EventBridge fails and the webhook should stand in.',
  },
  'stripe.webhook-stale': {
    severity: 'warn',
    title: 'No enabled endpoint points to an API that this account does not have',
    why: 'Stripe goes on sending to it and failing: its warnings about dead endpoints hide the one that matters, and an account may have only sixteen.',
  },
  'stripe.webhook-unique': {
    severity: 'warn',
    title: 'Exactly one endpoint sends to the webhook, and none elsewhere',
    why: 'A second one, left by a rotation that was not finished, sends everything twice; when its secret is stored nowhere, all its deliveries are refused, which hides refusals that matter.',
  },
} as const satisfies RequirementTable;
