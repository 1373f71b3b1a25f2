import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Removes a directory of a test's own, after everything that still runs in it: it would write while it is removed. */
export async function removeDirectory(directory: string): Promise<void> {
  await endProcessesIn(directory);
  await rm(directory, { recursive: true, force: true });
}

/**
 * Kills what runs in a directory, and waits until it is gone. A command runs there when its environment names the
 * directory (its home, its state), which Linux shows; a local cloud also says so in its lock, which every system shows.
 */
export async function endProcessesIn(directory: string): Promise<void> {
  for (let found = runningIn(directory); found.size > 0; found = runningIn(directory)) {
    for (const pid of found) kill(pid);
    await sleep(5);
  }
}

/** Waits until what runs in a directory has ended by itself, and writes there no more. */
export async function processesHaveEndedIn(directory: string): Promise<void> {
  while (runningIn(directory).size > 0) await sleep(5);
}

function runningIn(directory: string): Set<number> {
  const found = new Set([...processesNaming(directory), ...lockOwners(directory)]);
  found.delete(process.pid);
  return found;
}

function processesNaming(directory: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`)?.includes(directory))
    .map(Number);
}

/** Owners of local clouds' states, wherever in the directory these are, as far as they live. */
function lockOwners(directory: string): number[] {
  const states = [directory, ...['cloud', '.cachao/local'].map((name) => path.join(directory, name))];
  return states.flatMap((state) =>
    namesIn(state)
      .filter((name) => /^lock-\d+$/.test(name))
      .map((name) => pidIn(read(path.join(state, name))))
      .filter((pid) => pid > 0 && lives(pid) && !isAnother(pid, directory)),
  );
}

/** Whether a lock's process id belongs to another program by now. */
function isAnother(pid: number, directory: string): boolean {
  const environment = read(`/proc/${pid}/environ`);
  return environment !== undefined && !environment.includes(directory);
}

function pidIn(lock: string | undefined): number {
  try {
    return (JSON.parse(lock ?? '') as { pid: number }).pid;
  } catch {
    return 0;
  }
}

export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
