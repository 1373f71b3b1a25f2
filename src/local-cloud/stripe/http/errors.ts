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

export function unrecognizedUrl(method: string, path: string): StripeError {
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
