import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Where cachao keeps what it writes beside a project. */
const OURS = '.cachao';

/**
 * Makes sure of a directory. One that is new only its owner sees, and git leaves it alone, or the whole `.cachao` that
 * it stands in: what is in it concerns customers and keys. One that was there stays as it is.
 */
export function privateDirectory(directory: string): void {
  const made = mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ours = oursAround(resolve(directory));
  if (ours !== undefined) ignoreAll(ours);
  else if (made !== undefined) ignoreAll(directory);
}

function oursAround(directory: string): string | undefined {
  if (basename(directory) === OURS) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : oursAround(parent);
}

function ignoreAll(directory: string): void {
  try {
    writeFileSync(join(directory, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    // What somebody wrote there stays.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
