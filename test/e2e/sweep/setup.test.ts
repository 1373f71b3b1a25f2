import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../../support/local-cloud.js';
import { cachao, workingDirectory } from '../support/cli.js';
import { environmentFor } from '../support/clouds.js';
import { killAfterWrites } from '../support/kill.js';
import { worldOf } from '../support/world.js';

/** More writes than a setup makes: the sweep ends at the first n that none reaches. */
const BEYOND = 60;

/**
 * Setup is killed (SIGKILL) when its n-th writing call has had its effect and before it hears of it, for every n;
 * run again, it must end in the world of an undisturbed run: no orphan, no duplicate, no secret that nobody has.
 */
describe('setup, killed after its n-th write and run again', () => {
  let undisturbed: Awaited<ReturnType<typeof worldOf>>;
  const directory = workingDirectory();
  afterAll(() => directory.remove());

  beforeAll(async () => {
    const cloud = await startTestCloud();
    const { code, stdout } = await cachao(['setup', '--yes', '--json'], {
      cwd: directory.path,
      environment: environmentFor(cloud),
    });
    expect(JSON.parse(stdout).error).toBeNull();
    expect(code).toBe(0);
    undisturbed = await worldOf(cloud);
    await cloud.close();
  });

  it('starts from a world with one of each', () => {
    expect(undisturbed).toMatchObject({
      buses: 1,
      sources: ['ACTIVE'],
      endpoints: [['enabled', 4]],
      destinations: ['enabled'],
      secretNamesItsEndpoint: true,
      openChangeSets: 0,
    });
  });

  it('ends in the same world for every n', async () => {
    let n = 0;
    for (; n < BEYOND; n++) if (!(await killedAfter(n))) break;
    expect(n, 'writes of a setup that were swept').toBeGreaterThan(12);
    expect(n).toBeLessThan(BEYOND);
  }, 1_200_000);

  /** Whether setup made so many writes at all. */
  async function killedAfter(n: number): Promise<boolean> {
    const cloud = await startTestCloud();
    try {
      const killed = await killAfterWrites(cloud, n, ['setup', '--yes', '--json', '--skip-checkout'], {
        cwd: directory.path,
        environment: environmentFor(cloud),
      });
      if (!killed) return false;
      const again = await cachao(['setup', '--yes', '--json'], {
        cwd: directory.path,
        environment: environmentFor(cloud),
      });
      expect(again.code, `n = ${n}: ${again.stderr}`).toBe(0);
      expect(JSON.parse(again.stdout).checkout.passed, `n = ${n}`).toBe(true);
      expect(await worldOf(cloud), `n = ${n}`).toEqual(undisturbed);
      return true;
    } finally {
      await cloud.close();
    }
  }
});
