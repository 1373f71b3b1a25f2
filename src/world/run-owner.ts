import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/**
 * Names this process, so that a later one on the same machine can tell whether it still runs. On Linux with the boot,
 * the process's namespace and its start, so that neither a container nor a process id that was given again deceives.
 */
export async function nameOfRun(): Promise<string> {
  return (await place()) + (await processOf(process.pid));
}

/** Whether the process of that name has surely ended. False where it cannot be told from here. */
export async function hasEnded(name: string): Promise<boolean> {
  const here = await place();
  if (!name.startsWith(here)) return false;
  const process = name.slice(here.length);
  const pid = Number(/^\d+/.exec(process)?.[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  return (await processOf(pid)) !== process;
}

async function place(): Promise<string> {
  if (process.platform !== 'linux') return `${hostname()}/`;
  const [boot, namespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  // Where the system does not say, nothing can be told of other runs.
  return boot && namespace ? `${boot.trim()}/${namespace}/` : `unknown/${hostname()}/${process.pid}/`;
}

/** The process's id, and on Linux when it began; empty when there is no such process. */
async function processOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // The name, in brackets, may hold anything; the start is the 20th member after it.
    const [state, ...members] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    return state === undefined || state === 'Z' ? '' : `${pid}-${members[18]}`;
  }
  try {
    process.kill(pid, 0);
    return String(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? '' : String(pid);
  }
}
