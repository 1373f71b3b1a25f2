import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../../support/local-cloud.js';
import type { SavedWorld } from '../../support/worlds.js';
import { type CliResult, cachao, workingDirectory } from '../support/cli.js';
import { environmentFor } from '../support/clouds.js';
import { inventory, tablesOf } from '../support/inventory.js';
import { killAfterWrites } from '../support/kill.js';
import { savedSetUpAfter } from '../support/saved-world.js';

/** More writes than a destruction makes: the sweep ends at the first n that none reaches. */
const BEYOND = 40;
const DESTROY = ['destroy', '--yes', '--allow-deletions', '--delete-data', '--json'];

/** Which n are tried: all with `npm run sweep`, else every third. */
const STEP = process.env.CACHAO_SWEEP === 'all' ? 1 : 3;

/** Killed (SIGKILL) when its n-th writing call has had its effect and before it hears of it, and run again. */
describe('destroy, killed after its n-th write and run again', () => {
  const directory = workingDirectory();
  let saved: SavedWorld;
  let before: ReturnType<typeof inventory>;
  beforeAll(async () => {
    saved = await savedSetUpAfter(async (cloud) => {
      before = inventory(cloud);
    });
  });
  afterAll(async () => {
    await directory.remove();
  });

  it('ends in the world before setup for every n', async () => {
    let n = 0;
    for (; n < BEYOND; n += STEP) if (!(await killedAfter(n))) break;
    expect(n, 'writes of a destruction that were swept').toBeGreaterThan(9);
    expect(n).toBeLessThan(BEYOND);
  }, 1_200_000);

  /** Whether destroy made so many writes at all. */
  async function killedAfter(n: number): Promise<boolean> {
    const cloud = await saved.start();
    const options = { cwd: directory.path, environment: environmentFor(cloud) };
    try {
      const killed = await killAfterWrites(cloud, n, DESTROY, options);
      if (!killed) return false;
      const again = await cachao(DESTROY, options);
      succeeded(again, `n = ${n}`);
      expect(inventory(cloud), `n = ${n}`).toEqual(before);
      expect(await tablesOf(cloud), `n = ${n}`).toEqual(['discount_codes', 'ticket_orders', 'tickets']);
      return true;
    } finally {
      await cloud.close();
    }
  }
});

describe('setup, killed after its n-th write, and destroyed', () => {
  const directory = workingDirectory();
  afterAll(() => directory.remove());

  it('leaves nothing behind for every n', async () => {
    let n = 0;
    for (; n < 60; n += STEP * 2) if (!(await destroyedAfter(n))) break;
    expect(n).toBeGreaterThan(12);
    expect(n).toBeLessThan(60);
  }, 1_200_000);

  /** Whether setup made so many writes at all. */
  async function destroyedAfter(n: number): Promise<boolean> {
    const cloud = await startTestCloud();
    const options = { cwd: directory.path, environment: environmentFor(cloud) };
    try {
      const before = inventory(cloud);
      if (!(await killAfterWrites(cloud, n, ['setup', '--yes', '--json'], options))) return false;
      succeeded(await cachao(DESTROY, options), `n = ${n}`);
      expect(inventory(cloud), `n = ${n}`).toEqual(before);
      return true;
    } finally {
      await cloud.close();
    }
  }
});

function succeeded({ code, stdout, stderr }: CliResult, when: string): void {
  expect(code, `${when}: ${stdout}${stderr}`).toBe(0);
}
