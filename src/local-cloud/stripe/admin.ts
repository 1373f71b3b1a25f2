import { jsonBody } from '../admin/body.js';
import { AdminError } from '../admin/index.js';
import type { AdminHandlers } from '../kernel/cloud.js';
import { type HttpHandler, json } from '../kernel/http.js';
import type { Keys } from './keys/keys.js';
import { KIND, type Side, type Unkindness } from './side.js';

/** `PUT /_cachao/stripe/keys` registers a key; nothing lists them. */
export function keysRoute(keys: Keys): HttpHandler {
  return async (request) => {
    const registration = jsonBody(request);
    try {
      keys.register(registration);
    } catch (error) {
      throw new AdminError(`The key was not registered: ${(error as Error).message}.`);
    }
    return json(200, { registered: true });
  };
}

/** `GET` or `PUT /_cachao/stripe/unkindness`; what a PUT leaves out is kind again. */
export function unkindnessRoute(side: Side): AdminHandlers {
  const show = async () => json(200, side.unkindness);
  return {
    GET: show,
    PUT: async (request) => {
      side.unkindness = readUnkindness(jsonBody(request));
      return show();
    },
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
