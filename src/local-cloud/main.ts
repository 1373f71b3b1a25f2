import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { removeDiscovery, writeDiscovery } from './discovery.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { logFailure, writing } from './kernel/failure.js';
import { json } from './kernel/http.js';
import { countLeases } from './leases.js';
import type { ListenerPorts } from './listeners.js';
import { runLocalCloud } from './run.js';
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

// Whatever is written here, also by libraries, is the owner's alone.
process.umask(0o077);
const options = JSON.parse(process.env.CACHAO_LOCAL_CLOUD ?? '{}') as ProcessOptions;
const { directory, ports } = options;
const running = await startOrSay(() => {
  if (!writing(directory, () => lockState(directory))) process.exit(EXIT.anotherHasIt);
  removeDiscovery(directory);
  if (options.reset) forgetState(directory);
  return runLocalCloud({ directory, ...(ports ? { ports } : {}), ownKeys: true, ownPorts: true });
});
let ending = false;
const end = async () => {
  if (ending) return;
  ending = true;
  removeDiscovery(directory);
  await running.close();
  unlockState(directory);
  process.exit(0);
};
countLeases(running, options.foreground ? () => undefined : () => void end());
running.cloud.admin('stop', {
  POST: async (_request, response) => {
    // Whoever asked has the answer first.
    response.once('close', () => void end());
    return json(200, { stopping: true });
  },
});
process.on('SIGTERM', () => void end());
// Ctrl-C reaches every process of the terminal; the command in front decides when this one ends.
process.on('SIGINT', () => undefined);
await startOrSay(() => writing(directory, () => writeDiscovery(directory, running)));

/** Tells by exit code, and in the log, why it did not start. */
async function startOrSay<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const exit = exitCodeOf(error);
    if (exit === EXIT.failed) logFailure('start', error);
    process.exit(exit);
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
