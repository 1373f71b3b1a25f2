import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchLocalCloud } from '../../src/local-cloud/launch.js';
import { itWhere } from '../support/where.js';
import { cachao, workingDirectory } from './support/cli.js';

const ENTRY = fileURLToPath(new URL('../../dist/local-cloud/main.js', import.meta.url));
const ALL = process.env.CACHAO_SWEEP === 'all';
/** Writes that the cloud has done when it dies. The sweep goes on to the first number that a setup does not reach. */
const AFTER = [1, 6, 11, 15];

describe('the local cloud, killed in the middle of a setup', () => {
  let directory: ReturnType<typeof workingDirectory>;
  beforeEach(() => {
    directory = workingDirectory();
  });
  afterEach(() => directory.remove());

  const setup = (...more: string[]) =>
    cachao(['setup', '--local', '--yes', '--json', ...more], { cwd: directory.path });

  /** Whether setup made so many writes at all. */
  async function killedAfter(writes: number): Promise<boolean> {
    const state = path.join(directory.path, '.cachao', 'local');
    const cloud = await launchLocalCloud({ stateDirectory: state, entry: ENTRY });
    const { pid } = JSON.parse(fs.readFileSync(path.join(state, 'cloud.json'), 'utf8')) as { pid: number };
    const fault = { service: '*', operation: 'writes', kind: 'kill-after', after: writes, times: 1, pid };
    await fetch(`${cloud.aws}/_cachao/faults`, {
      method: 'PUT',
      body: JSON.stringify([fault]),
      headers: { 'x-cachao-token': cloud.token },
    });
    const disturbed = await setup('--skip-checkout');
    await cloud.release();
    if (disturbed.code === 0) return false;
    expect(() => process.kill(pid, 0), 'the cloud outlived its fault').toThrow('ESRCH');
    expect(disturbed.stdout + disturbed.stderr).not.toMatch(/\n\s+at .+:\d+:\d+/);
    const again = await setup();
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(JSON.parse(again.stdout).checkout.passed).toBe(true);
    return true;
  }

  it.runIf(!ALL).each(AFTER)(
    'after write number %i: setup says so, and the next one ends well',
    async (writes) => {
      expect(await killedAfter(writes)).toBe(true);
    },
  );

  itWhere(ALL, 'npm run sweep does all of it')(
    'after any of its writes: setup says so, and the next one ends well',
    async () => {
      let writes = 0;
      while (await killedAfter(writes)) {
        writes += 1;
        await directory.remove();
        directory = workingDirectory();
      }
      expect(writes).toBeGreaterThan(12);
    },
    1_200_000,
  );
});
