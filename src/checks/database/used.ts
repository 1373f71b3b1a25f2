import { databaseParameterName } from '../../../handlers/contract/environment.js';
import { fail, pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import {
  databaseDifferences,
  databaseUses,
  describeDifferences,
  describeUse,
  settle,
  USE_ACTIONS,
  unsettledUntil,
} from '../../world/database-use.js';
import type { World } from '../../world/world.js';
import { notOurs } from '../not-ours.js';
import { databaseWillChange } from '../secret/database.js';
import type { PathCheck } from '../types.js';

export const databaseUsed: PathCheck = {
  ...requirement('database.used'),
  otherwise: 'the parameter has just changed, and warm functions may still use what it said before',
  // A function that cannot run is not asked: the call would count among its errors and throttles, and let an alarm ring.
  needs: [
    'secret.database',
    'database.reachable',
    'function.state',
    'function.current',
    'function.concurrency',
    'function.environment',
  ],
  iam: USE_ACTIONS,
  timeoutMs: 60_000,
  async inspect(world) {
    const foreign = notOurs(world);
    if (foreign) return foreign;
    const [uses, differences, until] = await Promise.all([
      databaseUses(world),
      databaseDifferences(world),
      unsettledUntil(world),
    ]);
    const evidence = uses.map((use) => ({ label: use.function, value: describeUse(use) }));
    if (until)
      return warn(
        `${databaseParameterName(world.settings.stage)} has just changed: functions that are warm may use what it said before until ${until.toISOString().slice(11, 19)}Z`,
        {
          expected: 'half a minute after the change',
          actual: differences.length > 0 ? describeDifferences(differences) : 'not certain yet',
          evidence,
          remedy: { text: 'Wait until then.', commands: ['cachao doctor'], fixable: true },
        },
      );
    if (differences.length > 0)
      return fail(describeDifferences(differences), {
        expected: 'the database that the parameter names, by its newest version',
        actual: describeDifferences(differences),
        evidence,
        remedy: {
          text: `Every function has to read ${databaseParameterName(world.settings.stage)}: revert manual changes of its environment, and make sure that it can reach the configured host.`,
          commands: ['cachao setup'],
          fixable: false,
        },
      });
    const [first] = uses;
    return pass(first ? `${uses.length} functions: ${describeUse(first)}` : 'there is none', { evidence });
  },
  fixLeaves: 'functions that go on using another database: new code or settings do (cachao setup)',
  async fix(world) {
    if (!(await willHaveToWait(world))) return [];
    return [
      {
        check: 'database.used',
        action: 'wait',
        resource: 'functions',
        name: databaseParameterName(world.settings.stage),
        details: ['until all of them use its new value: half a minute at most'],
        apply: (bench, progress) => settle(bench.world, progress, bench.signal),
      },
    ];
  },
};

/** Functions that are deployed may be warm; those that come later read what is there then. */
async function willHaveToWait(world: World): Promise<boolean> {
  if (!world.settings.stack.managed || !(await world.stackOutputs())) return false;
  return (await databaseWillChange(world)) || (await unsettledUntil(world)) !== undefined;
}
