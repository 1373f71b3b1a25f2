import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { removeDirectory } from '../../support/directories.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Manifest {
  [name: string]: { file: string; sha256: string; bytes: number };
}

/** The functions, bundled by the real build into a directory of their own. */
export async function buildBundles(): Promise<{
  directory: string;
  manifest: Manifest;
  bundle(name: string): string;
  remove(): Promise<void>;
}> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cachao-handlers-'));
  // The build is plain JavaScript, outside of what TypeScript looks at.
  const builder = (await import(pathToFileURL(path.join(ROOT, 'bin/lib/build-handlers.mjs')).href)) as {
    buildHandlers(root: string, directory: string): Promise<Manifest>;
  };
  const manifest = await builder.buildHandlers(ROOT, directory);
  return {
    directory,
    manifest,
    bundle: (name) => path.join(directory, name, 'index.mjs'),
    remove: () => removeDirectory(directory),
  };
}
