import type { ErrorTable } from './types.js';

/** What Stripe, its key or its objects refuse. */
export const STRIPE_ERRORS = {
  DESTINATION_ATTEMPTS: {
    what: 'Stripe kept returning event destinations that were deleted before.',
    why: 'An idempotency key answers for a day with what it made first.',
    next: 'Create a destination in the Stripe Dashboard and adopt it with --adopt-destination.',
    example: 'Stripe kept returning destinations that were deleted before, 50 times.',
  },
  DESTINATION_NOT_ADOPTABLE: {
    what: 'The event destination that was named cannot be adopted.',
    why: 'It must be enabled, send snapshot events to this AWS account and region, and belong to no other stage.',
    next: 'Name one that the message lists, or leave --adopt-destination out: cachao creates one.',
    example:
      'ed_123 cannot be adopted: it is not an enabled snapshot destination to this account and eu-west-1 without an owner.',
  },
  HEADLESS_PAYMENT_UNAVAILABLE: {
    what: 'Stripe did not let a test session be paid without a browser.',
    why: "The calls for this are not part of Stripe's documented API, and some keys may not use them.",
    next: 'Run cachao checkout --browser and pay with the card 4242 4242 4242 4242.',
    example: 'Stripe did not let the test session be paid without a browser: Unrecognized request URL',
  },
  LIVE_PAYMENT_REFUSED: {
    what: 'A test payment was asked for with a live key; nothing was paid.',
    why: 'It would take real money.',
    next: 'Use the test key, or let the checkout expire a session, as it does by itself in live mode.',
    example: 'A test payment was asked for with a live key; nothing was paid.',
  },
  MODE_MISMATCH: {
    what: 'The Stripe key is of one mode, and the stage takes payments of the other.',
    why: 'Stripe would list the events of the other mode, and none of them belongs to this stage.',
    next: "Set STRIPE_API_KEY to a key of the stage's mode, or name another stage.",
    example: 'The key sk_test_…x1 is of test mode, and stage prod takes live payments.',
  },
  NO_PAYMENT_PAGE: {
    what: 'Stripe gave the test session no payment page.',
    why: 'Without a page there is nothing to open in a browser.',
    next: 'Run cachao checkout without --browser.',
    example: 'Stripe gave the session cs_test_123 no payment page.',
  },
  STRIPE_API_BASE_INVALID: {
    what: 'STRIPE_API_BASE is not a URL.',
    why: "It says where Stripe's API is, for a stand-in of Stripe.",
    next: 'Set it to a URL such as http://127.0.0.1:12111, or unset it.',
    example: 'STRIPE_API_BASE is "localhost", which is not a URL.',
  },
  STRIPE_KEY_EXPIRED: {
    what: 'The Stripe key has expired.',
    why: 'Keys of the Stripe CLI last 90 days; a rolled key ends at its date.',
    next: 'Create or roll a key at https://dashboard.stripe.com/apikeys and set STRIPE_API_KEY to it.',
    example: 'Stripe does not accept the key rk_test_…x1: it has expired.',
  },
  STRIPE_KEY_INVALID: {
    what: 'Stripe does not know the key.',
    why: 'It was deleted, or is mistyped.',
    next: 'Copy a key from https://dashboard.stripe.com/apikeys and set STRIPE_API_KEY to it.',
    example: 'Stripe does not accept the key sk_test_…x1: it is not a key of any account.',
  },
  STRIPE_KEY_MISSING: {
    what: 'There is no Stripe key.',
    why: 'STRIPE_API_KEY is not set, and the Stripe CLI is not logged in.',
    next: 'Set STRIPE_API_KEY, or log in with stripe login. Without an account, add --local.',
    example: 'There is no Stripe key, so Stripe could not be asked.',
  },
  STRIPE_KEY_SHAPE: {
    what: 'The value is not a secret or restricted key.',
    why: 'Publishable keys (pk_) cannot do this, and signing secrets (whsec_) are something else.',
    next: 'Copy the secret (sk_) or restricted (rk_) key from https://dashboard.stripe.com/apikeys.',
    example: 'The Stripe key is a publishable key.',
  },
  STRIPE_PERMISSION_MISSING: {
    what: 'The restricted Stripe key lacks a permission.',
    why: 'A restricted key may only do what it was given.',
    next: 'Add the permission to the key at https://dashboard.stripe.com/apikeys; cachao policy lists all of them.',
    example:
      'The Stripe key rk_test_…x1 is not authorized to call GET /v1/events: it lacks the permission rak_event_read.',
  },
  STRIPE_RATE_LIMITED: {
    what: 'Stripe kept refusing a request because of its rate limit.',
    why: 'The account makes more requests than Stripe allows at present.',
    next: 'Wait a minute and run the command again: it goes on from there.',
    example: 'Stripe kept refusing GET /v1/events because of its rate limit.',
  },
  STRIPE_REFUSED: {
    what: 'Stripe refused a request for a reason of its own.',
    why: "The message has Stripe's words; where a parameter is at fault it is named.",
    next: "Do what Stripe's message says, then run the command again.",
    example: 'Stripe refused POST /v1/webhook_endpoints: Invalid URL',
  },
  STRIPE_UNAVAILABLE: {
    what: 'Stripe answered with an error of its own.',
    why: 'A disturbance at Stripe, or whatever answers in its place (STRIPE_API_BASE).',
    next: 'Look at https://status.stripe.com, then run the command again.',
    example: 'Stripe answered GET /v1/account with 503: Service Unavailable',
  },
  STRIPE_UNREACHABLE: {
    what: 'Stripe could not be reached.',
    why: 'No network, or a proxy that does not let it pass.',
    next: 'Check the network and the proxy settings, and STRIPE_API_BASE if it is set.',
    example: 'Stripe could not be reached for GET /v1/account: ECONNREFUSED.',
  },
  WEBHOOK_ATTEMPTS: {
    what: 'Stripe kept returning webhook endpoints that were deleted before.',
    why: 'An idempotency key answers for a day with what it made first.',
    next: 'Wait a day, or run setup with --no-webhook.',
    example: 'Stripe kept returning webhook endpoints that were deleted before, 20 times.',
  },
  WEBHOOK_LIMIT: {
    what: 'Stripe takes no further webhook endpoint.',
    why: 'An account may have 16 in each mode.',
    next: 'Delete an unused endpoint at https://dashboard.stripe.com/webhooks, or set up with --no-webhook.',
    example:
      'Stripe refused another webhook endpoint: You have reached the maximum of 16 test webhook endpoints.',
  },
  WEBHOOK_SECRET_NOT_STORED: {
    what: 'The signing secret of a new endpoint could not be stored, so the endpoint was removed again.',
    why: 'Stripe shows a signing secret only once. An endpoint whose secret nobody has can never be verified.',
    next: 'Mend what SSM refused, as the message says, and run the command again.',
    example: 'The signing secret of we_123 could not be stored in SSM, so the endpoint was removed again',
  },
  WEBHOOK_UNREACHABLE: {
    what: 'The webhook did not answer a probe from this machine.',
    why: 'The network between here and the webhook; Stripe may still reach it.',
    next: 'Check the network from here, then run the command again.',
    example: 'https://abc.execute-api.eu-west-1.amazonaws.com/webhook did not answer: ECONNREFUSED.',
  },
} as const satisfies ErrorTable;
