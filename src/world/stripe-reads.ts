import { type Memoised, memoise } from '../core/memo.js';
import { accountReads } from '../stripe/account.js';
import { checkoutSessionReads, sessionObjects } from '../stripe/checkout-sessions.js';
import { eventDestinationReads } from '../stripe/event-destinations.js';
import { eventPages, eventReads } from '../stripe/events.js';
import type { KeyShape } from '../stripe/key.js';
import type { StripeSession } from '../stripe/session.js';
import { webhookEndpointReads } from '../stripe/webhook-endpoints.js';

/** Stripe's half of the world. */
export interface StripeReads {
  readonly maskedKey: string;
  readonly shape: KeyShape;
  readonly accounts: Memoised<ReturnType<typeof accountReads>>;
  readonly destinations: Memoised<ReturnType<typeof eventDestinationReads>>;
  readonly webhookEndpoints: Memoised<ReturnType<typeof webhookEndpointReads>>;
  readonly events: Memoised<ReturnType<typeof eventReads>>;
  readonly checkoutSessions: Memoised<ReturnType<typeof checkoutSessionReads>>;
  /** Events of windows of any length, page by page: not kept. */
  readonly eventPage: ReturnType<typeof eventPages>;
  /** A Checkout Session as it is now, whole: not kept. */
  readonly sessionObject: ReturnType<typeof sessionObjects>;
  forget(): void;
}

export function stripeReads(session: StripeSession): StripeReads {
  const destinations = memoise(eventDestinationReads(session));
  const webhookEndpoints = memoise(webhookEndpointReads(session));
  const events = memoise(eventReads(session));
  const checkoutSessions = memoise(checkoutSessionReads(session));
  return {
    maskedKey: session.maskedKey,
    shape: session.shape,
    // Account and mode belong to the key: nothing that we do changes them.
    accounts: memoise(accountReads(session)),
    destinations,
    webhookEndpoints,
    events,
    checkoutSessions,
    eventPage: eventPages(session),
    sessionObject: sessionObjects(session),
    forget() {
      for (const reads of [destinations, webhookEndpoints, events, checkoutSessions]) reads.forget();
    },
  };
}
