import type { HttpRequest } from '../../kernel/http.js';
import { invalidRequest } from './errors.js';
import { emptyMap, parseForm } from './form.js';
import { isMap } from './shapes.js';

/** The parameters of a request: form or query on v1, JSON (query for GET and DELETE) on v2. */
export function parametersOf(request: HttpRequest, api: 'v1' | 'v2'): Record<string, unknown> {
  const query = parseForm(request.query);
  if (request.method === 'GET') return query;
  if (api === 'v1') return { ...query, ...formBody(request) };
  return request.method === 'DELETE' ? query : { ...query, ...jsonBody(request) };
}

function formBody(request: HttpRequest): Record<string, unknown> {
  if (request.body.length === 0) return emptyMap();
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded'))
    throw invalidRequest(
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.',
    );
  return parseForm(request.body.toString('utf8'));
}

function jsonBody(request: HttpRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json'))
    throw invalidRequest(`The content type of a v2 request is application/json, not ${type || 'absent'}.`);
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw invalidRequest('The request body is not valid JSON.');
  }
  if (!isMap(body)) throw invalidRequest('The request body is not a JSON object.');
  return body;
}
