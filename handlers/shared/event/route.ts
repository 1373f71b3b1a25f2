import { METADATA } from '../../contract/environment.js';
import type { EventOutcome } from '../../contract/ledger.js';
import { type CheckoutSession, HANDLED_EVENT_TYPES, type StripeEvent } from '../../contract/stripe-event.js';
import type { Configuration } from '../configuration.js';
import { HandlerError } from '../errors.js';
import { sessionOf } from './session.js';

/** What an event is about, told before the database is asked: an order of ours, or something to record only. */
export type Route =
  | { orderId: string; session: CheckoutSession }
  | {
      orderId: null;
      session: CheckoutSession | null;
      outcome: Extract<EventOutcome, 'ignored-type' | 'other-stage' | 'not-ours'>;
    };

/**
 * @throws HandlerError LIVEMODE_MISMATCH, MALFORMED_EVENT, CONNECTED_ACCOUNT or MISSING_ORDER_ID
 */
export function route(event: StripeEvent, configuration: Configuration): Route {
  checkLivemode(event.id, event.livemode, configuration);
  if (!(HANDLED_EVENT_TYPES as readonly string[]).includes(event.type)) {
    return { orderId: null, session: null, outcome: 'ignored-type' };
  }
  const session = sessionOf(event);
  checkLivemode(session.id, session.livemode, configuration);
  const stage = session.metadata?.[METADATA.stage];
  if (stage && stage !== configuration.stage) return { orderId: null, session, outcome: 'other-stage' };
  const orderId = session.metadata?.[METADATA.orderId];
  checkAccount(event, session, configuration);
  if (orderId) return { orderId, session };
  if (configuration.sharedAccount) return { orderId: null, session, outcome: 'not-ours' };
  throw new HandlerError(
    'MISSING_ORDER_ID',
    `${session.id} has no metadata.${METADATA.orderId}. If other products share this Stripe account, say so in the configuration.`,
  );
}

/** Money on a connected account's balance is not the shop's: it pays no order of ours unless the stage says so. */
function checkAccount(event: StripeEvent, session: CheckoutSession, configuration: Configuration): void {
  if (!event.account || configuration.connectedAccounts) return;
  throw new HandlerError(
    'CONNECTED_ACCOUNT',
    `${session.id} is of the connected account ${event.account}. If its payments pay orders of stage ${configuration.stage}, set connectedAccounts; else let the event destination and the webhook endpoint send events of your own account only.`,
  );
}

function checkLivemode(id: string, livemode: boolean, configuration: Configuration): void {
  if (livemode === configuration.livemode) return;
  const mode = (live: boolean) => (live ? 'live' : 'test');
  throw new HandlerError(
    'LIVEMODE_MISMATCH',
    `${id} is of ${mode(livemode)} mode; stage ${configuration.stage} takes ${mode(configuration.livemode)} payments.`,
  );
}
