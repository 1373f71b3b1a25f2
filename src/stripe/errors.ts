import { AccessDeniedError, CachaoError, CannotLookError } from '../core/errors.js';

/** The members of the SDK's errors that we read (FACTS-STRIPE §1.4); v2 errors may carry `code` without `type`. */
interface StripeSdkError extends Error {
  type?: string;
  rawType?: string;
  code?: string;
  statusCode?: number;
  requestId?: string;
  param?: string;
  headers?: Record<string, string>;
  detail?: { code?: string };
}

export function isStripeError(error: unknown): error is StripeSdkError {
  return (
    error instanceof Error &&
    ('statusCode' in error ||
      'rawType' in error ||
      /^Stripe|RateLimit/.test((error as StripeSdkError).type ?? ''))
  );
}

export function isNotFound(error: unknown): boolean {
  return isStripeError(error) && error.statusCode === 404;
}

export function isRateLimited(error: unknown): boolean {
  return isStripeError(error) && (error.statusCode === 429 || error.code === 'rate_limit');
}

/** Says what an SDK error means for the user. `key` is the masked key. Errors that are not Stripe's come back as they are. */
export function explain(error: unknown, call: string, key: string): unknown {
  if (error instanceof CachaoError || !isStripeError(error)) return error;
  const request = error.requestId ? ` (request ${error.requestId})` : '';
  if (error.statusCode === 401) return invalidKey(error, key);
  if (error.statusCode === 403) return denied(error, call, key);
  if (isRateLimited(error))
    return new CannotLookError({
      code: 'STRIPE_RATE_LIMITED',
      message: `Stripe kept refusing ${call} because of its rate limit${request}.`,
      next: ['Wait a minute and run the command again; it goes on from where it was.'],
      cause: error,
    });
  if (error.statusCode === undefined) return unreachable(error, call);
  const base = process.env.STRIPE_API_BASE;
  if (error.statusCode >= 500)
    return new CannotLookError({
      code: 'STRIPE_UNAVAILABLE',
      message: `Stripe answered ${call} with ${error.statusCode}${request}: ${error.message}`,
      next: [
        `${base ? `It was ${base} that answered in the place of Stripe: look into its log (of the local cloud: .cachao/local/cloud.log)` : 'Look at https://status.stripe.com'}, then run the command again; it goes on from where it was.`,
      ],
      cause: error,
    });
  return new CachaoError({
    code: 'STRIPE_REFUSED',
    message: `Stripe refused ${call}: ${error.message}${request}`,
    ...(error.param ? { why: `The parameter at fault is ${error.param}.` } : {}),
    cause: error,
  });
}

function invalidKey(error: StripeSdkError, key: string): CannotLookError {
  const expired = error.code === 'api_key_expired' || /expired/i.test(error.message);
  return new CannotLookError({
    code: expired ? 'STRIPE_KEY_EXPIRED' : 'STRIPE_KEY_INVALID',
    message: `Stripe does not accept the key ${key}: it ${expired ? 'has expired' : 'is not a key of any account'}.`,
    next: ['Create or roll a key at https://dashboard.stripe.com/apikeys and set STRIPE_API_KEY to it.'],
    cause: error,
  });
}

function denied(error: StripeSdkError, call: string, key: string): AccessDeniedError {
  const permission = /'?(rak_[a-z0-9_]+)'?/.exec(error.message)?.[1];
  return new AccessDeniedError(permission ?? 'unknown', key, {
    code: 'STRIPE_PERMISSION_MISSING',
    message: `The Stripe key ${key} is not authorized to call ${call}: ${permission ? `it lacks the permission ${permission}.` : error.message}`,
    next: [
      'Edit the restricted key at https://dashboard.stripe.com/apikeys and add the permission, or use one that has it.',
    ],
    cause: error,
  });
}

function unreachable(error: StripeSdkError, call: string): CannotLookError {
  const reason = error.detail?.code ?? error.message;
  return new CannotLookError({
    code: 'STRIPE_UNREACHABLE',
    message: `Stripe could not be reached for ${call}: ${reason}.`,
    next: [
      'Check the network and the proxy settings (and STRIPE_API_BASE, if it is set), then run the command again.',
    ],
    cause: error,
  });
}
