import type { ErrorTable } from './types.js';

/** Rotating the webhook's signing secret. */
export const ROTATION_ERRORS = {
  ROTATION_EVENTS_WAITING: {
    what: 'Events wait for Stripe to try them again, and removing the old endpoint would end that.',
    why: 'Both endpoints and both secrets stay in force meanwhile.',
    next: 'Deliver them with cachao reconcile --apply and run the command again; or give them up: --abandon-retries',
    example: "2 events of the last three days wait for Stripe's retry: evt_1, evt_2.",
  },
  ROTATION_NOT_ACCEPTED: {
    what: 'The webhook refuses what is signed with the new secret.',
    why: 'The old secret stays in force until the new one is accepted, so no event is refused.',
    next: "Look at the log of the webhook's function, then run the command again.",
    example:
      'A probe signed with the new secret got 400 from https://abc.execute-api.eu-west-1.amazonaws.com/webhook.',
  },
  ROTATION_NOT_POSSIBLE: {
    what: 'There is no signing secret to rotate.',
    why: 'The stage has no webhook, or it was not made yet.',
    next: 'Run cachao setup: it makes the endpoint and stores its secret.',
    example: 'There is no signing secret to rotate: the stage has no webhook.',
  },
  ROTATION_NOT_PROVEN: {
    what: 'No real delivery has proven the new endpoint.',
    why: 'The old endpoint and its secret stay in force until one has.',
    next: 'Follow the event that the message names with cachao trace, mend the webhook, and run the command again.',
    example: 'The new endpoint is not proven by a real delivery: no event arrived in 60 s.',
  },
} as const satisfies ErrorTable;
