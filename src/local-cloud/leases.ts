import fs from 'node:fs';
import { type HttpHandler, json } from './kernel/http.js';
import { allowKill } from './kernel/processes.js';
import type { RunningCloud } from './run.js';

/** What who uses the cloud is told first: never written to a file, because secrets are among it. */
export interface Lease {
  /** Whose state this is: another cloud may have got the port that a killed one left in its discovery file. */
  directory: string;
  environment: Record<string, string>;
  warnings: string[];
}

/** The header by which who uses the cloud tells its own process, which a fault may then kill. */
export const PID_HEADER = 'x-cachao-pid';
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
  const lease: HttpHandler = async ({ headers }, response) => {
    clearTimeout(timer);
    held += 1;
    const pid = Number(headers[PID_HEADER]);
    const forget = Number.isInteger(pid) && pid > 1 ? allowKill(pid) : () => undefined;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`${JSON.stringify(told)}\n`);
    response.on('close', () => {
      forget();
      held -= 1;
      if (held > 0) return;
      clearTimeout(timer);
      timer = setTimeout(() => held === 0 && unused(), GRACE_MS);
    });
    return 'handled';
  };
  cloud.admin('lease', { GET: lease });
  cloud.admin('status', {
    GET: async () => json(200, { pid: process.pid, leases: held, services: [...cloud.services.keys()] }),
  });
}
