import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes sure of a directory. One that is new only its owner sees, and git leaves it alone: what is in it concerns
 * customers. One that was there stays as it is.
 */
export async function privateDirectory(directory: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (made !== undefined) await writeFile(join(directory, '.gitignore'), '*\n');
}
