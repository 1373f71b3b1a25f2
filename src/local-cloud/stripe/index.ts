import type http from 'node:http';
import type { LocalCloud } from '../kernel/cloud.js';
import type { HttpAnswer, HttpRequest } from '../kernel/http.js';
import { keysRoute, unkindnessRoute } from './admin.js';
import { DELIVER, deliver } from './delivery/deliver.js';
import { answerApi } from './http/answer.js';
import { Idempotency } from './http/idempotency.js';
import { Keys } from './keys/keys.js';
import { answerPaymentPage } from './payment-page/answer.js';
import { SETTLE } from './payments/attempt.js';
import { settle } from './payments/settle.js';
import { ROUTES } from './routes.js';
import { createSide } from './side.js';
import { EXPIRE, expireByItself } from './v1/checkout-sessions/expire.js';
import { pruneEvents } from './v1/events/retention.js';
import { catchUp, REINDEX } from './v2/event-destinations/index-lag.js';
import { watchSources } from './v2/event-destinations/source.js';

export { STRIPE_ACCOUNT_ID, STRIPE_LIVE_KEY, STRIPE_TEST_KEY } from './constants.js';

/** The local Stripe: what answers on its listener, and what it does by itself. */
export interface StripeSide {
  /** The API (`/v1`, `/v2`) and the payment pages (`/pay/cs_…`). */
  answer(request: HttpRequest, response: http.ServerResponse): Promise<HttpAnswer>;
  /** Call once every service was added: follows the partner sources and takes up what the store holds as pending. */
  start(): void;
  stop(): void;
}

export function stripeSide(cloud: LocalCloud): StripeSide {
  const side = createSide(cloud);
  const keys = new Keys(cloud);
  const idempotency = new Idempotency(side);
  const api = { side, keys, idempotency, routes: ROUTES };
  side.agenda.on(DELIVER, (id) => deliver(side, id));
  side.agenda.on(SETTLE, (id) => settle(side, id));
  side.agenda.on(EXPIRE, (id) => expireByItself(side, id));
  side.agenda.on(REINDEX, (id) => catchUp(side, id));
  cloud.admin('stripe/keys', keysRoute(keys));
  cloud.admin('stripe/unkindness', unkindnessRoute(side));
  return {
    answer: (request) =>
      request.path.startsWith('/pay/') ? answerPaymentPage(side, request) : answerApi(api, request),
    start() {
      idempotency.prune();
      pruneEvents(side);
      watchSources(side);
      side.agenda.start();
      cloud.store.flush();
    },
    stop: () => side.agenda.stop(),
  };
}
