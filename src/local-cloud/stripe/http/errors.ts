/** A refusal in Stripe's own terms. `fields` are added to the `error` object of the body. */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly fields: { type?: string; code?: string; param?: string; [extra: string]: unknown },
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'StripeError';
  }
}

/** 400 `invalid_request_error`. */
export function invalidRequest(message: string, param?: string, code?: string): StripeError {
  return new StripeError(
    400,
    { type: 'invalid_request_error', ...(code ? { code } : {}), ...(param ? { param } : {}) },
    message,
  );
}

/** What Stripe has and the local cloud has not: refused by name, never ignored. */
export function notSupported(what: string, param?: string): StripeError {
  return invalidRequest(`The local cloud does not support ${what}.`, param);
}

/** The 404 for an object that this mode does not have; `elsewhere` when the other mode has it. */
export function noSuch(what: string, id: string, param: string, elsewhere?: 'live' | 'test'): StripeError {
  const other = elsewhere === 'live' ? 'test' : 'live';
  const hint = elsewhere
    ? `; a similar object exists in ${elsewhere} mode, but a ${other} mode key was used to make this request.`
    : '';
  return new StripeError(
    404,
    { type: 'invalid_request_error', code: 'resource_missing', param },
    `No such ${what}: '${id}'${hint}`,
  );
}

/** What Stripe has below `/v1` and the local cloud has not, or not all of it. */
const ELSEWHERE = new Set([
  ...[
    'account_links',
    'accounts',
    'apple_pay',
    'application_fees',
    'apps',
    'balance',
    'balance_transactions',
  ],
  ...['billing', 'billing_portal', 'charges', 'checkout', 'climate', 'confirmation_tokens', 'country_specs'],
  ...[
    'coupons',
    'credit_notes',
    'customer_sessions',
    'customers',
    'disputes',
    'entitlements',
    'ephemeral_keys',
  ],
  ...['events', 'exchange_rates', 'file_links', 'files', 'financial_connections', 'forwarding', 'identity'],
  ...[
    'invoice_payments',
    'invoiceitems',
    'invoices',
    'issuing',
    'mandates',
    'payment_intents',
    'payment_links',
  ],
  ...[
    'payment_method_configurations',
    'payment_method_domains',
    'payment_methods',
    'payment_pages',
    'payouts',
  ],
  ...['plans', 'prices', 'products', 'promotion_codes', 'quotes', 'radar', 'refunds', 'reporting', 'reviews'],
  ...['setup_attempts', 'setup_intents', 'shipping_rates', 'sigma', 'sources', 'subscription_items'],
  ...['subscription_schedules', 'subscriptions', 'tax', 'tax_codes', 'tax_ids', 'tax_rates', 'terminal'],
  ...['test_helpers', 'tokens', 'topups', 'transfers', 'treasury', 'webhook_endpoints'],
]);

/** A route that the local cloud has not: Stripe's own refusal where Stripe has none either, else that it is missing here. */
export function missingRoute(method: string, path: string): StripeError {
  const [, version, resource = ''] = path.split('/');
  if (resource === 'stripecli')
    return new StripeError(
      404,
      { type: 'invalid_request_error' },
      `The local cloud does not support stripe listen and stripe logs tail (${method} ${path}). Make an endpoint instead (stripe webhook_endpoints create), and send events to it again with stripe events resend EVENT --webhook-endpoint ENDPOINT; cachao local shows what flows.`,
    );
  const there = version === 'v2' || (version === 'v1' && ELSEWHERE.has(resource));
  if (!there || path.endsWith('/')) return unrecognizedUrl(method, path);
  return new StripeError(
    404,
    { type: 'invalid_request_error' },
    `The local cloud does not support ${method} ${path}. If Stripe has it, use a test key of a Stripe account for it.`,
  );
}

function unrecognizedUrl(method: string, path: string): StripeError {
  return new StripeError(
    404,
    { type: 'invalid_request_error' },
    `Unrecognized request URL (${method}: ${path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  );
}

/** The body of an error answer; v2 errors carry a code and seldom a type. */
export function errorBody(error: StripeError, api: 'v1' | 'v2', requestId: string): object {
  const { type, code, ...rest } = error.fields;
  const common = { message: error.message, request_log_url: logUrl(requestId), ...rest };
  if (api === 'v1') {
    const docs = code ? { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` } : {};
    return {
      error: { type: type ?? 'invalid_request_error', ...(code ? { code } : {}), ...docs, ...common },
    };
  }
  const { param: _, ...v2 } = common as { param?: unknown };
  return {
    error: { code: v2Code(error), ...(type && type !== 'invalid_request_error' ? { type } : {}), ...v2 },
  };
}

function v2Code(error: StripeError): string {
  const { code, type } = error.fields;
  if (code === 'resource_missing') return 'not_found';
  if (type === 'idempotency_error') return 'idempotency_error';
  if (error.status === 400 && (!code || code.startsWith('parameter_'))) return 'invalid_fields';
  return code ?? (error.status === 404 ? 'not_found' : 'api_error');
}

function logUrl(requestId: string): string {
  return `https://dashboard.stripe.com/logs/${requestId}`;
}
