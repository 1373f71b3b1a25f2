import fs from 'node:fs';
import path from 'node:path';

interface Owner {
  pid: number;
  /** Start time of that process, where the system tells: a pid alone may have been given to another program. */
  started: string | null;
}

const NAME = /^lock-(\d+)$/;

/**
 * Takes the state directory for this process; false when another one has it. A lock whose owner is gone, or whose pid
 * now belongs to another program, is passed over.
 *
 * The holder is who wrote the lock file of the highest generation. Who finds its owner gone makes the next generation,
 * which only one can; a file that might be somebody's is never moved or removed, so two can never hold it.
 */
export function lockState(directory: string): boolean {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const highest = generations(directory).at(-1) ?? 0;
  if (highest > 0 && isHeld(lockFile(directory, highest))) return false;
  const mine = highest + 1;
  if (!createWhole(lockFile(directory, mine))) return false;
  // A slow starter may have made a generation that was passed, and cleaned away, meanwhile.
  if ((generations(directory).at(-1) ?? 0) > mine) {
    fs.rmSync(lockFile(directory, mine), { force: true });
    return false;
  }
  for (const old of generations(directory))
    if (old < mine) fs.rmSync(lockFile(directory, old), { force: true });
  return true;
}

/** Gives the lock back: its file stays, and says that nobody has it. */
export function unlockState(directory: string): void {
  const highest = generations(directory).at(-1);
  if (highest === undefined) return;
  const file = lockFile(directory, highest);
  if (readOwner(file)?.pid === process.pid) replace(file, { pid: 0, started: null });
}

function lockFile(directory: string, generation: number): string {
  return path.join(directory, `lock-${generation}`);
}

function generations(directory: string): number[] {
  const numbers = fs.readdirSync(directory).flatMap((name) => Number(NAME.exec(name)?.[1] ?? []));
  return numbers.sort((a, b) => a - b);
}

/** Creates the file with all its content, or not at all when it exists. */
function createWhole(file: string): boolean {
  const temporary = `${file}.${process.pid}.tmp`;
  const owner: Owner = { pid: process.pid, started: startOf(process.pid) };
  fs.writeFileSync(temporary, JSON.stringify(owner), { mode: 0o600 });
  try {
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

function replace(file: string, owner: Owner): void {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, JSON.stringify(owner), { mode: 0o600 });
  fs.renameSync(temporary, file);
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function isHeld(file: string): boolean {
  const owner = readOwner(file);
  if (!owner || owner.pid === 0) return false;
  if (owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const started = startOf(owner.pid);
  return owner.started === null || started === null || owner.started === started;
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
