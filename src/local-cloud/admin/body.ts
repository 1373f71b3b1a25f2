import type { HttpRequest } from '../kernel/http.js';
import { AdminError } from './index.js';

/** The request's JSON object, or an empty one. Throws `AdminError` for anything else. */
export function jsonBody(request: HttpRequest): Record<string, unknown> {
  const value = parsed(request);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AdminError('The body must be a JSON object.');
  return value as Record<string, unknown>;
}

/** The request's JSON, `{}` when there is no body. */
export function parsed(request: HttpRequest): unknown {
  if (request.body.length === 0) return {};
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch (error) {
    throw new AdminError(`The body is not JSON: ${(error as Error).message}`);
  }
}
