import type { Ports } from '../../../kernel/ports.js';
import { isBinary } from './media-types.js';

export type FrontResponse = Awaited<ReturnType<Ports['httpFront']['handle']>>;

/** API Gateway's own answers. */
export const GATEWAY = {
  forbidden: () => own(403, 'ForbiddenException', 'Forbidden'),
  missingRoute: () => own(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
  tooManyRequests: () => own(429, 'TooManyRequestsException', 'Too Many Requests'),
  tooLarge: () => own(413, 'RequestTooLargeException', 'Request Too Long'),
  integrationFailed: () => own(500, 'InternalServerErrorException', 'Internal server error'),
  badAnswer: () => own(502, 'InternalServerErrorException', 'Internal server error'),
  timeout: () => own(504, 'InternalServerErrorException', 'Endpoint request timed out'),
};

function own(status: number, errorType: string, message: string): FrontResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': errorType },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/** What a function answered, as HTTP; undefined when it is not the shape that API Gateway asks for. */
export function proxyResponse(
  payload: string,
  accept: string | undefined,
  binaryMediaTypes: string[],
): FrontResponse | undefined {
  const answer = JSON.parse(payload) as {
    statusCode?: unknown;
    headers?: unknown;
    multiValueHeaders?: unknown;
    body?: unknown;
    isBase64Encoded?: unknown;
  } | null;
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
  const status = Number(answer.statusCode);
  if (answer.statusCode === undefined || !Number.isInteger(status) || status < 100 || status > 599)
    return undefined;
  const headers = readHeaders(answer.headers, answer.multiValueHeaders);
  const { body = '', isBase64Encoded = false } = answer;
  if (!headers || (body !== null && typeof body !== 'string') || typeof isBase64Encoded !== 'boolean')
    return undefined;
  const decode = isBase64Encoded && isBinary(accept, binaryMediaTypes);
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(body ?? '', decode ? 'base64' : 'utf8'),
  };
}

function readHeaders(single: unknown, multiple: unknown): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectOf(single) ?? { '': Symbol() })) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) return undefined;
    headers[name.toLowerCase()] = String(value);
  }
  for (const [name, values] of Object.entries(objectOf(multiple) ?? { '': undefined })) {
    if (!Array.isArray(values)) return undefined;
    headers[name.toLowerCase()] = values.join(', ');
  }
  return headers;
}

/** Absent reads as empty; undefined when it is something else than an object. */
function objectOf(value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
