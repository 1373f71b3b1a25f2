import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeDirectory } from './directories.js';
import { startTestCloud, type TestCloud } from './local-cloud.js';

/** A world as it was left once, to be taken up as often as tests need it, also by several at once. */
export interface SavedWorld<Left = unknown> {
  /** What making it left beside the cloud. */
  left: Left;
  /** A cloud that goes on from a copy of the saved state, which closing it removes. */
  start(): Promise<TestCloud>;
  /** Copies the saved state, for who starts a cloud on it otherwise. */
  copyTo(directory: string): void;
}

/** Where worlds are kept for the length of the run; `test/support/run-setup.ts` makes it and removes it. */
const ROOT = process.env.CACHAO_TEST_WORLDS ?? tmpdir();
const kept = new Map<string, Promise<SavedWorld<unknown>>>();

/**
 * The world that `make` makes of an empty account. Made once in each worker of the test run: whoever names it again,
 * in whatever file, has the same one.
 */
export function sharedWorld<Left>(
  name: string,
  make: (cloud: TestCloud) => Promise<Left>,
): Promise<SavedWorld<Left>> {
  const there = kept.get(name);
  if (there) return there as Promise<SavedWorld<Left>>;
  const made = saveWorld(make);
  kept.set(name, made);
  // Who asks next may be luckier, and has the reason where not.
  made.catch(() => kept.delete(name));
  return made;
}

/** A world that nobody else uses. It goes with the run. */
export async function saveWorld<Left>(make: (cloud: TestCloud) => Promise<Left>): Promise<SavedWorld<Left>> {
  const saved = mkdtempSync(path.join(ROOT, 'world-'));
  const first = await startTestCloud({ directory: saved });
  const left = await make(first).finally(first.close);
  const copyTo = (directory: string) => cpSync(saved, directory, { recursive: true });
  return {
    left,
    copyTo,
    start: async () => {
      const directory = mkdtempSync(path.join(ROOT, 'copy-'));
      copyTo(directory);
      const cloud = await startTestCloud({ directory });
      const close = async () => {
        await cloud.close();
        await removeDirectory(directory);
      };
      return { ...cloud, close };
    },
  };
}
