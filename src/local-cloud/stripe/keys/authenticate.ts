import type { HttpRequest } from '../../kernel/http.js';
import { STRIPE_ACCOUNT_ID } from '../constants.js';
import { StripeError } from '../http/errors.js';
import { type ApiKey, type Keys, redact } from './keys.js';

/** The key of a request, from Bearer or Basic authentication. Throws Stripe's 401s. */
export function authenticate(keys: Keys, request: HttpRequest, now: number): ApiKey {
  const given = presentedKey(request);
  if (!given)
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    );
  if (given.startsWith('pk_'))
    throw unauthorized(
      'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
      'secret_key_required',
    );
  const key = keys.find(given);
  if (!key) throw unauthorized(`Invalid API Key provided: ${redact(given)}`);
  if (key.expiresAt !== null && key.expiresAt <= now)
    throw unauthorized(`Expired API Key provided: ${key.redacted}`, 'api_key_expired');
  return key;
}

/** Throws the 403 that names the permission, unless the key has it; `write` on a resource implies `read`. */
export function authorize(key: ApiKey, resource: string, access: 'read' | 'write'): void {
  if (key.permissions === null) return;
  if (key.permissions.includes(`${resource}_write`)) return;
  if (access === 'read' && key.permissions.includes(`${resource}_read`)) return;
  throw permissionMissing(key, resource, access);
}

/** Connected accounts and organisations do not exist here: a request may name this key's own account only. */
export function authorizeAccount(key: ApiKey, request: HttpRequest): void {
  for (const header of ['stripe-account', 'stripe-context']) {
    const named = request.headers[header];
    if (named !== undefined && named !== STRIPE_ACCOUNT_ID) throw accountInvalid(key, named);
  }
}

export function accountInvalid(key: ApiKey, account: string): StripeError {
  return new StripeError(
    403,
    { type: 'invalid_request_error', code: 'account_invalid' },
    `The provided key '${key.redacted}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
  );
}

export function permissionMissing(key: ApiKey, resource: string, access: 'read' | 'write'): StripeError {
  return new StripeError(
    403,
    { type: 'invalid_request_error', code: 'more_permissions_required' },
    `The provided key '${key.redacted}' does not have the required permissions for this endpoint on account '${STRIPE_ACCOUNT_ID}'. Having the 'rak_${resource}_${access}' permission would allow this request to continue.`,
  );
}

function presentedKey(request: HttpRequest): string | undefined {
  const [scheme, value] = (request.headers.authorization ?? '').split(/\s+/, 2);
  if (!scheme || !value) return undefined;
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() === 'basic')
    return Buffer.from(value, 'base64').toString('utf8').split(':')[0] || undefined;
  return undefined;
}

function unauthorized(message: string, code?: string): StripeError {
  return new StripeError(401, { type: 'invalid_request_error', ...(code ? { code } : {}) }, message, {
    'www-authenticate': 'Bearer realm="Stripe"',
  });
}
