import fs from 'node:fs';
import path from 'node:path';

interface Owner {
  pid: number;
  /** Start time of that process, where the system tells: a pid alone may have been given to another program. */
  started: string | null;
}

/**
 * Takes the state directory for this process; false when another one has it. A lock whose owner is gone, or whose pid
 * now belongs to another program, is taken over.
 */
export function lockState(directory: string): boolean {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, 'lock');
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      fs.writeFileSync(
        file,
        JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Owner),
        { flag: 'wx', mode: 0o600 },
      );
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isHeld(file)) return false;
    // Moved away first: of two that find it stale, only one can move it.
    const stale = `${file}.stale-${process.pid}`;
    try {
      fs.renameSync(file, stale);
      fs.rmSync(stale, { force: true });
    } catch {
      // The other one moved it.
    }
  }
  return false;
}

export function unlockState(directory: string): void {
  fs.rmSync(path.join(directory, 'lock'), { force: true });
}

function isHeld(file: string): boolean {
  let owner: Owner;
  try {
    owner = JSON.parse(fs.readFileSync(file, 'utf8')) as Owner;
  } catch {
    // Being written at this moment, or torn by a kill: a moment's age tells which.
    return age(file) < 2_000;
  }
  if (owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const started = startOf(owner.pid);
  return owner.started === null || started === null || owner.started === started;
}

function age(file: string): number {
  try {
    return Date.now() - fs.statSync(file).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Clock ticks since boot at which the process began (Linux); null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
