import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import type { Store } from '../../../kernel/store.js';
import { BOOTSTRAP } from './bootstrap.js';

const PREFIX = 'cachao-lambda-';

/**
 * Where functions' code lies unpacked while the cloud runs, by the zip's hash.
 *
 * In the system's temporary directory rather than beside the state: under a project, a handler would find the
 * project's `node_modules` and so hide a dependency that is missing in its zip.
 */
export class CodeDirectory {
  private root: string | undefined;

  constructor(private readonly store: Store) {}

  /** The program that environments run. */
  bootstrap(): string {
    return path.join(this.ensureRoot(), 'bootstrap.mjs');
  }

  /** The directory that holds the zip's files. Throws when the store has lost the zip. */
  unpacked(blob: string): string {
    const directory = path.join(this.ensureRoot(), 'code', blob);
    if (fs.existsSync(directory)) return directory;
    const zip = this.store.blob(blob);
    if (!zip) throw new Error(`the store has no code ${blob}`);
    const unfinished = `${directory}.unpacking`;
    fs.rmSync(unfinished, { recursive: true, force: true });
    fs.mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    for (const [name, bytes] of Object.entries(unzipSync(zip))) writeInside(unfinished, name, bytes);
    fs.renameSync(unfinished, directory);
    return directory;
  }

  remove(): void {
    if (this.root !== undefined) fs.rmSync(this.root, { recursive: true, force: true });
    this.root = undefined;
  }

  private ensureRoot(): string {
    if (this.root !== undefined) return this.root;
    removeAbandoned();
    const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`)));
    fs.writeFileSync(path.join(root, 'bootstrap.mjs'), BOOTSTRAP);
    this.root = root;
    return root;
  }
}

function writeInside(directory: string, name: string, bytes: Uint8Array): void {
  const file = path.resolve(directory, name);
  // A zip may name paths outside itself.
  if (!file.startsWith(directory + path.sep)) return;
  if (name.endsWith('/')) {
    fs.mkdirSync(file, { recursive: true });
    return;
  }
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
}

/** What clouds left behind that were killed. */
function removeAbandoned(): void {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's: theirs to remove.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
