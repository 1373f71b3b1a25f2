import type { TestCloud } from '../../support/local-cloud.js';
import { type SavedWorld, saveWorld, sharedWorld } from '../../support/worlds.js';
import { cachao, workingDirectory } from './cli.js';
import { environmentFor } from './clouds.js';

/** A world that the built binary has set up, with these arguments and variables. */
export function savedSetUp(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<SavedWorld> {
  return sharedWorld(`setup ${JSON.stringify([args, environment])}`, (cloud) =>
    runSetup(cloud, args, environment),
  );
}

/** The same of an account that `before` has prepared. */
export function savedSetUpAfter(before: (cloud: TestCloud) => Promise<void>): Promise<SavedWorld> {
  return saveWorld(async (cloud) => {
    await before(cloud);
    await runSetup(cloud);
  });
}

async function runSetup(
  cloud: TestCloud,
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<void> {
  const directory = workingDirectory();
  const { code, stdout, stderr } = await cachao(['setup', '--yes', '--json', ...args], {
    cwd: directory.path,
    environment: { ...environmentFor(cloud), ...environment },
  });
  await directory.remove();
  if (code !== 0) throw new Error(`setup exited with ${code}: ${stdout}${stderr}`);
}
