import type { LocalCloud } from '../kernel/cloud.js';
import type { HttpFront, HttpHead, HttpResponse } from '../kernel/http.js';
import { describeWebPage, isNavigation } from '../kernel/web-page.js';
import { keysRoute, unkindnessRoute } from './admin.js';
import { DELIVER, deliver } from './delivery/deliver.js';
import { answerApi, refuseStripe } from './http/answer.js';
import { StripeError } from './http/errors.js';
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
  readonly front: HttpFront;
  /** Call once every service was added: follows the partner sources and takes up what the store holds as pending. */
  start(): void;
  stop(): void;
}

/** Bytes; far above what any supported call sends. */
const LIMIT = 4 * 1024 * 1024;

const isPaymentPage = ({ path }: HttpHead) => path.startsWith('/pay/');

/** A shop's page leads the customer to the payment page; no page does anything else here but that page itself. */
function judgeStripe(head: HttpHead): HttpResponse | undefined {
  const { 'sec-fetch-site': _, ...headers } = head.headers;
  const judged = isPaymentPage(head) && isNavigation(head) ? { ...head, headers } : head;
  const page = describeWebPage(judged);
  return page === undefined ? undefined : refuseStripe(head, new StripeError(403, {}, page));
}

const tooLarge = () => new StripeError(413, {}, `The request body is larger than ${LIMIT} bytes.`);

export function stripeSide(cloud: LocalCloud): StripeSide {
  const side = createSide(cloud);
  const keys = new Keys(cloud);
  const idempotency = new Idempotency(side);
  const api = { side, keys, idempotency, routes: ROUTES };
  side.agenda.on(DELIVER, (id) => deliver(side, id));
  side.agenda.on(SETTLE, (id) => settle(side, id));
  side.agenda.on(EXPIRE, (id) => expireByItself(side, id));
  side.agenda.on(REINDEX, (id) => catchUp(side, id));
  cloud.admin('stripe/keys', { PUT: keysRoute(keys) });
  cloud.admin('stripe/unkindness', unkindnessRoute(side));
  return {
    front: {
      judge: judgeStripe,
      limit: (head) => ({ bytes: LIMIT, refusal: () => refuseStripe(head, tooLarge()) }),
      answer: (request) =>
        isPaymentPage(request) ? answerPaymentPage(side, request) : answerApi(api, request),
      failed: (head, message) => refuseStripe(head, new StripeError(500, { type: 'api_error' }, message)),
    },
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
