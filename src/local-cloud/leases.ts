import { timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import { type HttpRequest, json } from './kernel/http.js';
import type { RunningCloud } from './run.js';

/** What who uses the cloud is told first: never written to a file, because secrets are among it. */
export interface Lease {
  /** Whose state this is: another cloud may have got the port that a killed one left in its discovery file. */
  directory: string;
  environment: Record<string, string>;
  warnings: string[];
}

/** The header that carries what only the owner of the state can have read. */
export const TOKEN_HEADER = 'x-cachao-token';
/** Between two commands of one script the cloud need not end and start again. */
const GRACE_MS = 250;
/** Whoever started it has connected by then, or was killed. */
const FIRST_LEASE_MS = 15_000;

/**
 * Counts who uses the cloud by the connections they hold open (`GET /_cachao/lease`): one that is killed lets go too.
 * Calls `unused` when the last has gone. Any user of this machine can reach the port; what is told is for who knows the
 * token, which stands in a file that the owner alone can read.
 */
export function countLeases(
  { cloud, environment, warnings }: RunningCloud,
  token: string,
  unused: () => void,
): void {
  const directory = fs.realpathSync(cloud.store.directory ?? '.');
  const told: Lease = { directory, environment, warnings };
  let held = 0;
  let timer = setTimeout(unused, FIRST_LEASE_MS);
  cloud.admin('lease', async (request, response) => {
    if (!knows(request, token))
      return json(403, { error: `Send the token of cloud.json in the state directory as ${TOKEN_HEADER}.` });
    clearTimeout(timer);
    held += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`${JSON.stringify(told)}\n`);
    response.on('close', () => {
      held -= 1;
      if (held > 0) return;
      clearTimeout(timer);
      timer = setTimeout(() => held === 0 && unused(), GRACE_MS);
    });
    return 'handled';
  });
  cloud.admin('status', async () =>
    json(200, { pid: process.pid, leases: held, services: [...cloud.services.keys()] }),
  );
}

function knows(request: HttpRequest, token: string): boolean {
  const given = Buffer.from(request.headers[TOKEN_HEADER] ?? '');
  return given.length === token.length && timingSafeEqual(given, Buffer.from(token));
}
