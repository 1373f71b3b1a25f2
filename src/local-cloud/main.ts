import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { registerAdminRoutes } from './admin/routes.js';
import { readPorts, removeDiscovery, writeDiscovery } from './discovery.js';
import { json } from './kernel/http.js';
import { countLeases } from './leases.js';
import { type ListenerPorts, runLocalCloud } from './run.js';
import { lockState, unlockState } from './state-lock.js';

/** What the process is started with, as JSON in CACHAO_LOCAL_CLOUD. */
export interface ProcessOptions {
  directory: string;
  ports?: Partial<ListenerPorts>;
  /** Forgets all state first. */
  reset?: boolean;
  /** Stays until it is told to stop, whoever uses it. */
  foreground?: boolean;
}

/** Exit code when another process has the state: whoever started this one finds that one. */
const ANOTHER_HAS_IT = 75;

// Whatever is written here, also by libraries, is the owner's alone.
process.umask(0o077);
const options = JSON.parse(process.env.CACHAO_LOCAL_CLOUD ?? '{}') as ProcessOptions;
if (!lockState(options.directory)) process.exit(ANOTHER_HAS_IT);
removeDiscovery(options.directory);
if (options.reset) forgetState(options.directory);
const running = await start(options);
let ending = false;
const end = async () => {
  if (ending) return;
  ending = true;
  removeDiscovery(options.directory);
  await running.close();
  unlockState(options.directory);
  process.exit(0);
};
registerAdminRoutes(running.cloud);
if (options.foreground) countLeases(running, () => undefined);
else countLeases(running, () => void end());
running.cloud.admin('stop', async () => {
  setImmediate(() => void end());
  return json(200, { stopping: true });
});
process.on('SIGTERM', () => void end());
// Ctrl-C reaches every process of the terminal; the command in front decides when this one ends.
process.on('SIGINT', () => undefined);
writeDiscovery(options.directory, running);

/** On the ports of the last run, unless somebody else has taken one meanwhile. */
async function start({ directory, ports }: ProcessOptions) {
  try {
    return await runLocalCloud({ directory, ports: { ...readPorts(directory), ...ports } });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || ports) throw error;
    return await runLocalCloud({ directory });
  }
}

function forgetState(directory: string): void {
  // Only what bears our journal is ours to wipe.
  if (!existsSync(path.join(directory, 'journal.jsonl'))) return;
  for (const name of [
    'journal.jsonl',
    'key',
    'ports.json',
    'blobs',
    'orders.sqlite',
    'orders.sqlite-journal',
    'orders.sqlite.lock',
  ])
    rmSync(path.join(directory, name), { recursive: true, force: true });
}
