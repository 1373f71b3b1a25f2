import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestCloud } from '../../support/local-cloud.js';
import { type SavedWorld, saveWorld, sharedWorld } from '../../support/worlds.js';
import { cachao, workingDirectory } from './cli.js';
import { environmentFor } from './clouds.js';

export const CONFIG_FILE = 'cachao.config.json';

/** What setup leaves where the user stands. */
interface Answers {
  /** The text of the configuration file. */
  config: string;
}

/** A world that the built binary has set up, with these arguments and variables. */
export function savedSetUp(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<SavedWorld<Answers>> {
  return sharedWorld(`setup ${JSON.stringify([args, environment])}`, (cloud) =>
    runSetup(cloud, args, environment),
  );
}

/** The same of an account that `before` has prepared. */
export function savedSetUpAfter(before: (cloud: TestCloud) => Promise<void>): Promise<SavedWorld<Answers>> {
  return saveWorld(async (cloud) => {
    await before(cloud);
    return runSetup(cloud);
  });
}

async function runSetup(
  cloud: TestCloud,
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<Answers> {
  const directory = workingDirectory();
  const { code, stdout, stderr } = await cachao(['setup', '--yes', '--json', ...args], {
    cwd: directory.path,
    environment: { ...environmentFor(cloud), ...environment },
  });
  try {
    if (code !== 0) throw new Error(`setup exited with ${code}: ${stdout}${stderr}`);
    return { config: readFileSync(path.join(directory.path, CONFIG_FILE), 'utf8') };
  } finally {
    await directory.remove();
  }
}
