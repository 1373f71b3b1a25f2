import type { LocalCloud } from '../kernel/cloud.js';
import { type HttpHandler, json } from '../kernel/http.js';
import { jsonBody, wrongMethod } from './body.js';
import { AdminError } from './index.js';

/**
 * `POST /_cachao/clock {"advance": 60000}` moves time forward (milliseconds) and runs what falls due;
 * `{"mode": "manual"}` and `{"mode": "hasten", "speed": 60}` change how waits pass. `GET` reads the time.
 */
export function clockRoute(cloud: LocalCloud): HttpHandler {
  return async (request) => {
    if (request.method === 'GET') return json(200, { now: cloud.clock.iso() });
    if (request.method !== 'POST') throw wrongMethod(request, 'GET', 'POST');
    const { advance, mode, speed } = jsonBody(request);
    if (advance === undefined && mode === undefined)
      throw new AdminError(
        'Give {"advance": <milliseconds>} or {"mode": "manual" | "hasten", "speed": <factor>}.',
      );
    if (mode !== undefined) {
      if (mode !== 'manual' && mode !== 'hasten')
        throw new AdminError(`mode is manual or hasten, not ${JSON.stringify(mode)}.`);
      if (speed !== undefined && !(typeof speed === 'number' && speed > 0))
        throw new AdminError(`speed must be a number above 0, not ${JSON.stringify(speed)}.`);
      cloud.clock.setMode(mode, speed);
    }
    if (advance !== undefined) {
      if (typeof advance !== 'number' || !(advance >= 0))
        throw new AdminError(
          `advance must be milliseconds, not ${JSON.stringify(advance)}: time does not go back.`,
        );
      await cloud.clock.advance(advance);
    }
    return json(200, { now: cloud.clock.iso() });
  };
}
