import type { AdminHandlers, LocalCloud } from '../kernel/cloud.js';
import { json } from '../kernel/http.js';
import { jsonBody } from './body.js';
import { AdminError } from './index.js';

/**
 * `POST /_cachao/clock {"advance": 60000}` moves time forward (milliseconds) and runs what falls due;
 * `{"mode": "manual"}` and `{"mode": "hasten", "speed": 60}` change how waits pass. `GET` reads the time.
 */
export function clockRoute(cloud: LocalCloud): AdminHandlers {
  const show = async () => json(200, { now: cloud.clock.iso() });
  return {
    GET: show,
    POST: async (request) => {
      const { advance, mode, speed } = jsonBody(request);
      if (advance === undefined && mode === undefined)
        throw new AdminError(
          'Give {"advance": <milliseconds>} or {"mode": "manual" | "hasten", "speed": <factor>}.',
        );
      if (mode !== undefined) setMode(cloud, mode, speed);
      if (advance !== undefined) await advanceBy(cloud, advance);
      return show();
    },
  };
}

function setMode(cloud: LocalCloud, mode: unknown, speed: unknown): void {
  if (mode !== 'manual' && mode !== 'hasten')
    throw new AdminError(`mode is manual or hasten, not ${JSON.stringify(mode)}.`);
  if (speed !== undefined && !(typeof speed === 'number' && speed > 0))
    throw new AdminError(`speed must be a number above 0, not ${JSON.stringify(speed)}.`);
  cloud.clock.setMode(mode, speed);
}

async function advanceBy(cloud: LocalCloud, milliseconds: unknown): Promise<void> {
  if (typeof milliseconds !== 'number' || !(milliseconds >= 0))
    throw new AdminError(
      `advance must be milliseconds, not ${JSON.stringify(milliseconds)}: time does not go back.`,
    );
  await cloud.clock.advance(milliseconds);
}
