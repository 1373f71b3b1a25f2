import { describeFailure, logFailure } from '../../kernel/failure.js';
import type { HttpAnswer, HttpHead, HttpRequest, HttpResponse } from '../../kernel/http.js';
import { type FaultErrors, NoAnswer, underFaults } from '../../kernel/under-faults.js';
import { ACCOUNT_API_VERSION, API_VERSIONS } from '../constants.js';
import { newId } from '../ids.js';
import { authenticate, authorize, authorizeAccount, permissionMissing } from '../keys/authenticate.js';
import type { ApiKey, Keys } from '../keys/keys.js';
import type { Side } from '../side.js';
import { errorBody, invalidRequest, missingRoute, StripeError } from './errors.js';
import { expanded, expansionsOf } from './expand.js';
import type { Idempotency, Keyed, Outcome } from './idempotency.js';
import { parametersOf } from './parameters.js';
import { type Call, matchRoute, type Route } from './routes.js';

export interface Api {
  side: Side;
  keys: Keys;
  idempotency: Idempotency;
  routes: readonly Route[];
}

/** Answers one API request the way Stripe does: route, key, permission, idempotency, faults, effect. */
export async function answerApi(api: Api, request: HttpRequest): Promise<HttpAnswer> {
  const requestId = newId.request();
  const version = request.path.startsWith('/v2/') ? 'v2' : 'v1';
  const idempotencyKey = request.headers['idempotency-key'] ?? null;
  const always = {
    'content-type': 'application/json',
    'request-id': requestId,
    'stripe-version': request.headers['stripe-version'] ?? ACCOUNT_API_VERSION,
    ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
  };
  const refused = (error: unknown): HttpAnswer => {
    if (error instanceof NoAnswer) return error.how;
    const refusal = asStripeError(error, request);
    return json(
      { status: refusal.status, body: errorBody(refusal, version, requestId), headers: refusal.headers },
      always,
    );
  };
  let answer: HttpAnswer;
  try {
    answer = json(await perform(api, request, requestId), always);
  } catch (error) {
    answer = refused(error);
  }
  try {
    // A refused call may have had a part of its effect.
    api.side.cloud.store.persist();
    return answer;
  } catch (error) {
    return refused(error);
  }
}

/** Any error in Stripe's shape, also where no route was looked for. */
export function refuseStripe({ path }: HttpHead, error: StripeError): HttpResponse {
  const requestId = newId.request();
  const body = errorBody(error, path.startsWith('/v2/') ? 'v2' : 'v1', requestId);
  return json(
    { status: error.status, body, headers: error.headers },
    { 'content-type': 'application/json', 'request-id': requestId },
  );
}

async function perform(api: Api, request: HttpRequest, requestId: string): Promise<Outcome> {
  const matched = matchRoute(api.routes, request.method, request.path);
  if (!matched) throw missingRoute(request.method, request.path);
  const { route } = matched;
  const key = authenticate(api.keys, request, api.side.cloud.clock.now());
  authorizeAccount(key, request);
  const access = route.method === 'GET' ? 'read' : 'write';
  authorize(key, route.permission, access);
  const given = parametersOf(request, route.api);
  const { expansions, params } = route.api === 'v1' ? expansionsOf(given) : { expansions: [], params: given };
  const prepare = () => {
    const effect = route.run(params);
    return () => expanded(effect(call), expansions, call);
  };
  const call: Call = {
    side: api.side,
    livemode: key.livemode,
    key,
    requestId,
    idempotencyKey: request.headers['idempotency-key'] ?? null,
    apiVersion: versionOf(request, route),
    path: matched.path,
    baseUrl: baseUrl(api.side, request),
  };
  const keyed = keyedBy(request, route, call, given);
  const leave = keyed && api.idempotency.enter(keyed);
  try {
    const drawn = api.side.cloud.faults.draw(
      'stripe',
      route.operation,
      { path: matched.path, ...given },
      'stripe',
    );
    return await underFaults(drawn, faultErrors(key, route.permission, access), async () => {
      const outcome = once(api.idempotency, keyed, route, call, prepare);
      api.side.cloud.store.persist();
      return outcome;
    });
  } finally {
    leave?.();
  }
}

/**
 * Runs the effect unless its key has an outcome already. Parameters are read before anything is kept: Stripe keeps no
 * outcome of a request whose parameters were invalid.
 */
function once(
  idempotency: Idempotency,
  keyed: Keyed | undefined,
  route: Route,
  call: Call,
  prepare: () => () => object,
): Outcome {
  if (!keyed) return { status: 200, body: prepare()(), headers: {} };
  const first = idempotency.recall(keyed);
  if (first) return { ...first, body: route.api === 'v2' ? route.renew(first.body, call) : first.body };
  const outcome = outcomeOf(prepare(), route.api, call.requestId);
  idempotency.remember(keyed, outcome, call.requestId);
  return outcome;
}

/** On v1 a refusal is an outcome to keep under the key; on v2 a failure is forgotten, so it is thrown. */
function outcomeOf(effect: () => object, api: 'v1' | 'v2', requestId: string): Outcome {
  try {
    return { status: 200, body: effect(), headers: {} };
  } catch (error) {
    if (api === 'v2' || !(error instanceof StripeError)) throw error;
    return { status: error.status, body: errorBody(error, api, requestId), headers: error.headers };
  }
}

/** v1 takes keys on POST only; v2 on POST and DELETE. */
function keyedBy(request: HttpRequest, route: Route, call: Call, params: unknown): Keyed | undefined {
  const takes = route.method === 'POST' || (route.api === 'v2' && route.method === 'DELETE');
  if (!call.idempotencyKey || !takes) return undefined;
  const { method, path } = request;
  return { api: route.api, key: call.idempotencyKey, livemode: call.livemode, method, path, params };
}

function versionOf(request: HttpRequest, route: Route): string {
  const version = request.headers['stripe-version'];
  if (version === undefined) {
    if (route.api === 'v1') return ACCOUNT_API_VERSION;
    throw invalidRequest('A request to /v2 must include a Stripe-Version header.');
  }
  // Preview versions carry features after the version: `2026-10-28.preview; feature=v1`.
  const plain = version.split(';')[0]?.trim() ?? '';
  if (!API_VERSIONS.includes(plain)) throw invalidRequest(`Invalid Stripe API version: ${version}`);
  return plain;
}

function baseUrl(side: Side, request: HttpRequest): string {
  return side.cloud.addresses.stripe || `http://${request.headers.host ?? '127.0.0.1'}`;
}

function faultErrors(key: ApiKey, permission: string, access: 'read' | 'write'): FaultErrors {
  return {
    throttle: () =>
      new StripeError(
        429,
        { type: 'invalid_request_error', code: 'rate_limit' },
        'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
        { 'stripe-rate-limited-reason': 'global-rate', 'stripe-should-retry': 'false' },
      ),
    error: (fault) =>
      new StripeError(
        fault.status ?? 500,
        { type: 'api_error', ...(fault.code ? { code: fault.code } : {}) },
        'Sorry! There was an error while talking to one of our backends. The local cloud was told to fail here.',
      ),
    deny: () => permissionMissing(key, permission, access),
  };
}

function asStripeError(error: unknown, { method, path }: HttpHead): StripeError {
  if (error instanceof StripeError) return error;
  logFailure(`stripe ${method} ${path}`, error);
  return new StripeError(500, { type: 'api_error' }, describeFailure(error));
}

function json(outcome: Outcome, always: Record<string, string>): HttpResponse {
  return {
    status: outcome.status,
    headers: { ...always, ...outcome.headers },
    body: `${JSON.stringify(outcome.body, null, 2)}\n`,
  };
}
