import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeDirectory } from '../../support/directories.js';
import { startTestCloud, type TestCloud } from '../../support/local-cloud.js';
import { cachao } from './cli.js';
import { environmentFor } from './clouds.js';

export interface SavedWorld {
  /** A cloud that goes on from the saved state, on the same ports: only one at a time. */
  start(): Promise<TestCloud>;
  remove(): Promise<void>;
}

/** A world that was set up once, to be taken up as often as a test needs it. `before` prepares the empty account. */
export async function saveSetUpWorld(
  before: (cloud: TestCloud) => Promise<void> = async () => {},
  ...setupArguments: string[]
): Promise<SavedWorld> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachao-saved-'));
  const saved = path.join(root, 'saved');
  const cloud = await startTestCloud({ directory: saved });
  const { ports } = cloud;
  await before(cloud);
  const setup = await cachao(['setup', '--yes', '--json', ...setupArguments], {
    cwd: root,
    environment: environmentFor(cloud),
  });
  await cloud.close();
  if (setup.code !== 0) throw new Error(`setup failed: ${setup.stdout}${setup.stderr}`);
  let copies = 0;
  return {
    async start() {
      copies += 1;
      const directory = path.join(root, String(copies));
      fs.cpSync(saved, directory, { recursive: true });
      return startTestCloud({ directory, ports });
    },
    remove: () => removeDirectory(root),
  };
}
