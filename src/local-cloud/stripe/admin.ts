import { AdminError } from '../admin/index.js';
import { type HttpHandler, type HttpRequest, json } from '../kernel/http.js';
import type { Keys } from './keys/keys.js';
import { KIND, type Side, type Unkindness } from './side.js';

/** `PUT /_cachao/stripe/keys` registers a key; nothing lists them. */
export function keysRoute(keys: Keys): HttpHandler {
  return async (request) => {
    if (request.method !== 'PUT') throw new AdminError('Only PUT is possible here.', 405);
    try {
      keys.register(body(request));
    } catch (error) {
      throw new AdminError(`The key was not registered: ${(error as Error).message}.`);
    }
    return json(200, { registered: true });
  };
}

/** `GET` or `PUT /_cachao/stripe/unkindness`; what a PUT leaves out is kind again. */
export function unkindnessRoute(side: Side): HttpHandler {
  return async (request) => {
    if (request.method === 'PUT') side.unkindness = readUnkindness(body(request));
    else if (request.method !== 'GET') throw new AdminError('Only GET and PUT are possible here.', 405);
    return json(200, side.unkindness);
  };
}

function readUnkindness(given: Record<string, unknown>): Unkindness {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(KIND, name));
  if (unknown !== undefined)
    throw new AdminError(`There is no unkindness ${unknown}; there are ${Object.keys(KIND).join(', ')}.`);
  const { duplicateRate, reorder, delayMs } = { ...KIND, ...given } as Record<keyof Unkindness, unknown>;
  if (typeof duplicateRate !== 'number' || duplicateRate < 0 || duplicateRate > 1)
    throw new AdminError(`duplicateRate is a number from 0 to 1, not ${JSON.stringify(duplicateRate)}.`);
  if (typeof reorder !== 'boolean')
    throw new AdminError(`reorder is true or false, not ${JSON.stringify(reorder)}.`);
  if (typeof delayMs !== 'number' || delayMs < 0)
    throw new AdminError(`delayMs is a number of milliseconds, not ${JSON.stringify(delayMs)}.`);
  return { duplicateRate, reorder, delayMs };
}

function body(request: HttpRequest): Record<string, unknown> {
  try {
    const value = JSON.parse(request.body.toString('utf8') || '{}') as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new AdminError('The body is not a JSON object.');
}
