import fs from 'node:fs';
import { json } from './kernel/http.js';
import type { RunningCloud } from './run.js';

/** What who uses the cloud is told first: never written to a file, because secrets are among it. */
export interface Lease {
  /** Whose state this is: another cloud may have got the port that a killed one left in its discovery file. */
  directory: string;
  environment: Record<string, string>;
  warnings: string[];
}

/** Between two commands of one script the cloud need not end and start again. */
const GRACE_MS = 250;
/** Whoever started it has connected by then, or was killed. */
const FIRST_LEASE_MS = 15_000;

/**
 * Counts who uses the cloud by the connections they hold open (`GET /_cachao/lease`): one that is killed lets go too.
 * Calls `unused` when the last has gone.
 */
export function countLeases({ cloud, environment, warnings }: RunningCloud, unused: () => void): void {
  const directory = fs.realpathSync(cloud.store.directory ?? '.');
  const told: Lease = { directory, environment, warnings };
  let held = 0;
  let timer = setTimeout(unused, FIRST_LEASE_MS);
  cloud.admin('lease', async (_request, response) => {
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
