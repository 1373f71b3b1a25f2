import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeDirectory } from './directories.js';

/** Before all tests: a directory for what they share. Removed after all of them. */
export default function setup(): () => Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'cachao-worlds-'));
  process.env.CACHAO_TEST_WORLDS = directory;
  return () => removeDirectory(directory);
}
