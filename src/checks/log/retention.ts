import type { LogGroup } from '../../aws/logs.js';
import type { PlannedChange } from '../../core/check.js';
import { pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { Bench } from '../../world/bench.js';
import { awsTags } from '../../world/ownership.js';
import { PATH_ACTIONS, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';

export const logRetention: PathCheck = {
  ...requirement('log.retention'),
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS, 'logs:DescribeLogGroups'],
  fixIam: ['logs:CreateLogGroup', 'logs:TagResource', 'logs:PutRetentionPolicy'],
  async inspect(world) {
    const groups = await functionLogGroups(world);
    if (!groups) return NOT_DEPLOYED;
    if (groups.length === 0) return skipped('the path has no function');
    const bad = groups.filter(needsRetention);
    if (bad.length === 0)
      return pass(`${[...new Set(groups.map(({ group }) => group?.retentionDays))].join(', ')} days`);
    const fixable = bad.some(isRepairable);
    return warn(bad.map(problemOf).join('; '), {
      expected: `a retention, ${world.settings.logRetentionDays} days`,
      actual: bad.map(({ group }) => (group ? 'kept for ever' : 'no log group')).join(', '),
      evidence: bad.map(({ name }) => ({ label: 'log group', value: name, url: world.links.logGroup(name) })),
      remedy: {
        text: fixable
          ? 'Set a retention; older lines are then deleted by CloudWatch.'
          : "Declare the log group, with RetentionInDays, in the stack's template, and name it in the function's LoggingConfig.",
        commands: fixable ? ['cachao doctor --fix'] : [],
        fixable,
      },
    });
  },
  fixLeaves: 'a log group that the template of an unmanaged stack may still declare',
  async fix(world) {
    return ((await functionLogGroups(world)) ?? [])
      .filter((found) => needsRetention(found) && isRepairable(found))
      .map((found) => changeFor(world, found));
  },
};

interface FunctionLogGroup {
  name: string;
  /** Undefined: it does not exist (yet). */
  group: LogGroup | undefined;
  /** Of our own stack. */
  managed: boolean;
}

/** Where the path's functions write, each group once. */
async function functionLogGroups(world: World): Promise<FunctionLogGroup[] | undefined> {
  const path = await paymentPath(world);
  if (!path) return undefined;
  const functions = await Promise.all(path.functions.map(({ name }) => world.lambda.function(name)));
  const names = new Set(functions.filter((found) => found !== undefined).map((found) => found.logGroup));
  return Promise.all(
    [...names].map(async (name) => ({
      name,
      managed: path.managed,
      group: (await world.logs.logGroups(name)).find((group) => group.name === name),
    })),
  );
}

const needsRetention = ({ group }: FunctionLogGroup) => group === undefined || group.retentionDays === null;

/** A group that a template of somebody else's may yet declare must not be there before it is: that deployment would fail. */
const isRepairable = ({ group, managed }: FunctionLogGroup) => group !== undefined || managed;

function problemOf({ name, group, managed }: FunctionLogGroup): string {
  if (group) return `${name} has no retention period: it keeps its lines forever`;
  return managed
    ? `${name} does not exist: what the function writes is lost`
    : `${name} does not exist yet: the function's first line will make it, without retention`;
}

function changeFor(world: World, { name, group }: FunctionLogGroup): PlannedChange<Bench> {
  return {
    check: 'log.retention',
    action: group ? 'update' : 'create',
    resource: 'log group',
    name,
    details: [`retention: ${group ? 'for ever' : 'none'} -> ${world.settings.logRetentionDays} days`],
    url: world.links.logGroup(name),
    async apply(bench) {
      if (!group) await bench.logs.createLogGroup(name, awsTags(world.settings));
      await bench.logs.setRetention(name, world.settings.logRetentionDays);
    },
  };
}
