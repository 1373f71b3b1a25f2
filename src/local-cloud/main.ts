import { randomBytes } from 'node:crypto';
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
const token = randomBytes(24).toString('base64url');
countLeases(running, token, options.foreground ? () => undefined : () => void end());
running.cloud.admin('stop', async (_request, response) => {
  // Whoever asked has the answer first.
  response.once('close', () => void end());
  return json(200, { stopping: true });
});
process.on('SIGTERM', () => void end());
// Ctrl-C reaches every process of the terminal; the command in front decides when this one ends.
process.on('SIGINT', () => undefined);
writeDiscovery(options.directory, running, token);

/** On the ports of the last run; one that somebody else has taken meanwhile is given up for a free one, and told. */
async function start({ directory, ports }: ProcessOptions) {
  const wanted: Partial<ListenerPorts> = { ...readPorts(directory), ...ports };
  const warnings: string[] = [];
  for (;;) {
    try {
      const running = await runLocalCloud({ directory, ports: wanted, ownKeys: true });
      running.warnings.push(...warnings);
      return running;
    } catch (error) {
      const { code, port } = error as NodeJS.ErrnoException & { port?: number };
      const name = (['aws', 'stripe', 'database'] as const).find((one) => wanted[one] === port);
      // A port that the caller asked for is a promise to somebody: it is not exchanged in silence.
      if (code !== 'EADDRINUSE' || !name || ports?.[name] !== undefined) throw error;
      delete wanted[name];
      warnings.push(
        `Port ${port}, where the local ${name} listened last time, is taken: another is used. Addresses with the old port that are stored in the local world no longer answer.`,
      );
    }
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
