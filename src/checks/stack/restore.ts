import type { Drift, DriftedResource } from '../../aws/cloudformation-drift.js';
import type { PlannedChange, Progress } from '../../core/check.js';
import { DEPLOY_ACTIONS } from '../../stack/permissions.js';
import { conditionOf } from '../../stack/status.js';
import type { Bench } from '../../world/bench.js';
import { ourDestination } from '../../world/destination.js';
import type { World } from '../../world/world.js';
import { deployStack, type OwnStackFix, stackPlan } from './deploy.js';

/** What a restoring deployment asks of AWS: it compares with what is there besides. */
export const RESTORE_ACTIONS: readonly string[] = [
  ...DEPLOY_ACTIONS,
  'cloudformation:DescribeStackDriftDetectionStatus',
  'cloudformation:DescribeStackResourceDrifts',
  'cloudformation:DetectStackDrift',
  'cloudformation:DetectStackResourceDrift',
];

/** Logical ids of what a fix is about. `everything` is undone only with the consent that deleting needs. */
export type Concerned = readonly string[] | 'everything';

/**
 * The fix of what our template states and somebody changed by hand. Deploying an unchanged template repairs nothing, so
 * this deploys with a change set that reverts drift. Such a change set knows no limits: what was changed by hand
 * elsewhere in the stack is named in the plan, and undone only with the consent that deleting needs.
 */
export function restoreFix(check: string, concerned: Concerned): OwnStackFix {
  return { fixOwnStackOnly: true, fix: (world) => restorePlan(world, check, concerned) };
}

async function restoreStack(
  bench: Bench,
  progress: Progress,
  check: string,
  concerned: Concerned,
  agreed: readonly PlannedChange<Bench>[],
): Promise<void> {
  // What other findings of the same run revert was agreed to with their plans.
  const reverted = agreed.flatMap(({ reverts }) => reverts ?? []);
  const { resources, unseen } = await drift(bench.world);
  const here = concerned === 'everything' ? [] : concerned;
  const besides = elsewhere(resources, [...here, ...reverted]);
  const undone = undoneBesides(concerned, besides, unseen);
  await deployStack(
    bench,
    progress,
    check,
    async ({ changes, destructive }) =>
      (await bench.consent.changeSet(changes, destructive, undone)) ? 'execute' : 'discard',
    { revertDrift: true },
  );
}

/** What the change set undoes beyond what this is about; undefined: nothing. */
function undoneBesides(
  concerned: Concerned,
  besides: readonly DriftedResource[],
  unseen: string | null,
): string | undefined {
  if (concerned === 'everything') return 'every change by hand in the stack';
  const ids = [...new Set(besides.map(({ logicalId }) => logicalId))].join(', ');
  if (besides.length > 0) return `what was changed by hand in ${ids}, which is not part of this finding`;
  return unseen === null ? undefined : `manual changes where AWS could not detect drift: ${unseen}`;
}

async function restorePlan(
  world: World,
  check: string,
  concerned: Concerned,
): Promise<PlannedChange<Bench>[]> {
  const { name, managed } = world.settings.stack;
  const deployed = managed ? await world.cloudformation.stack(name) : undefined;
  if (!deployed || conditionOf(deployed.status) !== 'ready' || !(await ourDestination(world))) return [];
  const [{ resources: found, unseen }, plan] = await Promise.all([drift(world), stackPlan(world, check)]);
  const here = found.filter(({ logicalId }) => concerns(concerned, logicalId));
  if (here.length === 0 && plan.upToDate) return [];
  const besides = elsewhere(found, concerned);
  return [
    {
      check,
      action: 'update',
      resource: 'CloudFormation stack',
      name,
      details: [
        ...here.flatMap((resource) => linesOf(resource)),
        ...besides.flatMap((resource) =>
          linesOf(resource).map((line) => `ALSO REVERTED (not part of this finding): ${line}`),
        ),
        ...(unseen === null ? [] : [`ALSO REVERTED, where AWS could not detect drift: ${unseen}`]),
        ...plan.changes.flatMap((change) => change.details),
      ],
      url: world.links.stack(deployed.id),
      reverts: concerned === 'everything' ? [] : here.map(({ logicalId }) => logicalId),
      apply: (bench, progress, agreed) => restoreStack(bench, progress, check, concerned, agreed),
    },
  ];
}

function concerns(concerned: Concerned, logicalId: string): boolean {
  return concerned === 'everything' || concerned.includes(logicalId);
}

function drift(world: World): Promise<Drift> {
  return world.drift.detect(world.settings.stack.name);
}

/** What a person changed and this is not about. What was deleted nobody misses by its coming back. */
function elsewhere(found: readonly DriftedResource[], concerned: Concerned): DriftedResource[] {
  return found.filter(({ logicalId, status }) => status !== 'DELETED' && !concerns(concerned, logicalId));
}

/** From what is there to what the template says. */
function linesOf({ logicalId, status, differences }: DriftedResource): string[] {
  if (status === 'DELETED') return [`+ ${logicalId}, which was deleted by hand`];
  return differences.map(({ path, expected, actual }) => {
    // What somebody wrote into an environment may well be a secret.
    const shown = (value: string) =>
      path.startsWith('/Environment') ? '(not shown)' : value === '' || value === 'null' ? '(none)' : value;
    return `~ ${logicalId} ${path.replace(/^\//, '').replaceAll('/', '.')}: ${shown(actual)} -> ${shown(expected)}`;
  });
}
