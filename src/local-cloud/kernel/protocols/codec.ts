import type { HttpHead, HttpRequest, HttpResponse } from '../http.js';
import { AwsError, type AwsService, RawResponse } from '../service.js';
import { decodeQuery } from './query.js';
import { matchRoute } from './rest.js';
import { element } from './xml.js';

export interface Decoded {
  operation: string;
  input: Record<string, unknown>;
}

/** Reads an HTTP request as one of the service's operations. Throws `AwsError` when there is no such operation. */
export function decode(service: AwsService, request: HttpRequest): Decoded {
  switch (service.protocol) {
    case 'json': {
      if (foreignService(request, service.name))
        throw new AwsError(
          'UnknownOperationException',
          `The local cloud does not support the query protocol of ${service.name}: it speaks the JSON protocol, as SDKs have since 2023.`,
        );
      const operation = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
      return { operation, input: parseJson(request.body) };
    }
    case 'query': {
      const body = request.body.length > 0 ? request.body.toString('utf8') : request.query;
      return { operation: new URLSearchParams(body).get('Action') ?? '', input: decodeQuery(body) };
    }
    default: {
      const found = matchRoute(
        service.routes,
        request.method,
        request.path,
        new URLSearchParams(request.query),
      );
      if (!found)
        throw new AwsError(
          'UnknownOperationException',
          `The local cloud does not support ${request.method} ${request.path} of ${service.name}.`,
          404,
        );
      const { route, input } = found;
      if (route.payload) input[route.payload] = request.body;
      else if (service.protocol === 'rest-json' && request.body.length > 0)
        Object.assign(input, parseJson(request.body));
      return { operation: route.operation, input };
    }
  }
}

/** Writes an operation's output in the service's protocol. */
export function encode(
  service: AwsService,
  operation: string,
  output: unknown,
  requestId: string,
): HttpResponse {
  if (output instanceof RawResponse)
    return {
      status: output.status,
      headers: { 'x-amzn-requestid': requestId, ...output.headers },
      body: output.body,
    };
  if (service.protocol === 'query') {
    const result = element(`${operation}Result`, output ?? {});
    const body = `<${operation}Response xmlns="${service.namespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
    return { status: 200, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
  }
  const type =
    service.protocol === 'json' ? `application/x-amz-json-${service.jsonVersion}` : 'application/json';
  const route =
    service.protocol === 'json' ? undefined : service.routes.find((one) => one.operation === operation);
  return {
    status: route?.status ?? 200,
    headers: { 'content-type': type, 'x-amzn-requestid': requestId },
    body: toJson(output ?? {}),
  };
}

/** A service that is not here, as far as its errors' shape can be told from a request to it. */
export interface ForeignService {
  protocol: 'query' | 'ec2';
}

/** Undefined: its errors are JSON. */
export function foreignService({ headers }: HttpHead, name: string | undefined): ForeignService | undefined {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  return { protocol: name === 'ec2' ? 'ec2' : 'query' };
}

/** Writes an error in the service's own shape. `fields.queryCode` is the code for `x-amzn-query-error`. */
export function encodeError(
  service: AwsService | ForeignService | undefined,
  error: AwsError,
  requestId: string,
): HttpResponse {
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId };
  const { queryCode, ...fields } = error.fields;
  if (service?.protocol === 'ec2') {
    const inner = element('Error', { Code: error.code, Message: error.message });
    const body = `<?xml version="1.0" encoding="UTF-8"?><Response><Errors>${inner}</Errors><RequestID>${requestId}</RequestID></Response>`;
    return { status: error.status, headers: { ...headers, 'content-type': 'text/xml' }, body };
  }
  if (service?.protocol === 'query') {
    const type = error.status >= 500 ? 'Receiver' : 'Sender';
    const namespace = 'namespace' in service ? ` xmlns="${service.namespace}"` : '';
    const body = `<ErrorResponse${namespace}>${element('Error', { Type: type, Code: error.code, Message: error.message, ...fields })}<RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: error.status, headers: { ...headers, 'content-type': 'text/xml' }, body };
  }
  if (service?.protocol === 'rest-xml') {
    const body = `<?xml version="1.0" encoding="UTF-8"?>${element('Error', { Code: error.code, Message: error.message, ...fields, RequestId: requestId })}`;
    return { status: error.status, headers: { ...headers, 'content-type': 'application/xml' }, body };
  }
  headers['x-amzn-errortype'] = error.code;
  if (service?.protocol === 'json' && service.queryCompatible)
    headers['x-amzn-query-error'] =
      `${(queryCode as string | undefined) ?? error.code};${error.status >= 500 ? 'Receiver' : 'Sender'}`;
  const type =
    service?.protocol === 'json' ? `application/x-amz-json-${service.jsonVersion}` : 'application/json';
  const body = JSON.stringify({ __type: error.code, message: error.message, ...fields });
  return { status: error.status, headers: { ...headers, 'content-type': type }, body };
}

function parseJson(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
}

/** JSON with dates as epoch seconds, as the AWS JSON protocols write them. */
function toJson(output: unknown): string {
  return JSON.stringify(output, function replace(this: Record<string, unknown>, key: string, value: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : value;
  });
}
