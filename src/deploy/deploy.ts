import { CHECKS } from '../checks/registry.js';
import { type Deployed, deployStack, type Review, stackPlan } from '../checks/stack/deploy.js';
import type { Change, Progress } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import { EXIT, type ExitCode, exitCodeOf } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import { inspectAll } from '../core/inspect.js';
import type { ReportOutcome } from '../core/report.js';
import type { PreparedChangeSet } from '../stack/change-set.js';
import type { Bench } from '../world/bench.js';
import type { World } from '../world/world.js';
import { handMadeChanges, type ManualChange } from './drift.js';
import { inspectReadiness } from './readiness.js';

const CHECK = 'stack.current';

export interface DeployOptions {
  dryRun: boolean;
  /** false: leaves the change set for later. */
  execute: boolean;
  /** Whether to look for hand-made changes before they are overwritten. */
  drift: boolean;
}

/** What deploying asks of, and tells, whoever runs it. */
export interface DeployHost {
  looking(): Progress;
  deploying(): Progress;
  /** Before the first write. Throws where a live account is not confirmed. */
  confirmWrites(): Promise<void>;
  /** Whether to execute this change set. */
  confirm(changes: readonly Change[], destructive: boolean, drifted: Drifted): Promise<boolean>;
}

/** What was found to be changed by hand, and why perhaps not all of it was. */
export type Drifted = Pick<DeployResult, 'handMade' | 'driftUnknown'>;

export interface DeployResult {
  outcome: ReportOutcome;
  exitCode: ExitCode;
  findings: Finding[];
  changes: Change[];
  handMade: ManualChange[];
  /** Why drift could not be looked for in all of the stack; null when it could. */
  driftUnknown: string | null;
  /** The change set as CloudFormation made it; null when there was nothing to change, or nothing was asked of it. */
  changeSet: { stack: string; name: string; executed: boolean } | null;
}

/**
 * Deploys only the stack: what it rests on must be there already. Nothing to change is success.
 * @throws CachaoError STACK_NOT_OURS, DECLINED, and what deploying throws
 */
export async function deploy(
  world: World,
  openBench: () => Bench,
  options: DeployOptions,
  host: DeployHost,
): Promise<DeployResult> {
  refuseForeignStack(world);
  const progress = host.looking();
  const findings = await inspectReadiness(world);
  const unready = exitCodeOf(findings);
  if (unready !== EXIT.ok)
    return nothingDone(unready === EXIT.unknown ? 'unknown' : 'problem', unready, findings);
  progress.note('comparing the deployed stack with this checkout');
  const plan = await stackPlan(world, CHECK);
  if (options.dryRun) return { ...nothingDone('planned', EXIT.ok, findings), changes: plan.changes };
  if (plan.upToDate && plan.condition === 'ready') return nothingDone('unchanged', EXIT.ok, findings);
  await host.confirmWrites();
  const deploying = host.deploying();
  let handMade: ManualChange[] = [];
  let driftUnknown: string | null = null;
  const review = async (prepared: PreparedChangeSet): Promise<Review> => {
    if (options.drift) ({ handMade, driftUnknown } = await lookForHandMade(world, prepared, deploying));
    if (!options.execute) return 'keep';
    return (await host.confirm(prepared.changes, prepared.destructive, { handMade, driftUnknown }))
      ? 'execute'
      : 'discard';
  };
  const deployed = await deployStack(openBench(), deploying, CHECK, review);
  return { ...(await told(world, deployed, findings)), handMade, driftUnknown };
}

/** A stack that is not there yet cannot have drifted. */
async function lookForHandMade(
  world: World,
  { stackName, type, changes }: PreparedChangeSet,
  progress: Progress,
): Promise<Drifted> {
  if (type === 'CREATE') return { handMade: [], driftUnknown: null };
  progress.note('looking for what was changed by hand');
  world.forget('drift');
  const { resources, unseen } = await world.drift.detect(stackName);
  return { handMade: handMadeChanges(resources, changes), driftUnknown: unseen };
}

async function told(
  world: World,
  { prepared, review }: Deployed,
  before: readonly Finding[],
): Promise<Omit<DeployResult, keyof Drifted>> {
  const { stackName: stack, changeSetName: name, changes } = prepared;
  if (review === undefined || name === undefined) return nothingDone('unchanged', EXIT.ok, before);
  if (review === 'keep')
    return {
      ...nothingDone('planned', EXIT.ok, before),
      changes,
      changeSet: { stack, name, executed: false },
    };
  const after = await inspectAll(CHECKS.filter(isOfStack) as never, world);
  const exitCode = exitCodeOf(after);
  return {
    outcome: exitCode === EXIT.ok ? 'changed' : 'problem',
    exitCode,
    findings: [...before, ...after],
    changes,
    changeSet: { stack, name, executed: true },
  };
}

function isOfStack({ id }: { id: string }): boolean {
  return id === 'stack.healthy' || id === CHECK;
}

function nothingDone(outcome: ReportOutcome, exitCode: ExitCode, findings: readonly Finding[]): DeployResult {
  return {
    outcome,
    exitCode,
    findings: [...findings],
    changes: [],
    handMade: [],
    driftUnknown: null,
    changeSet: null,
  };
}

function refuseForeignStack({ settings }: World): void {
  if (settings.stack.managed) return;
  throw new CachaoError({
    code: 'STACK_NOT_OURS',
    message: `The stack ${settings.stack.name} of stage ${settings.stage} is not cachao's to deploy: its configuration says managed: false.`,
    why: 'cachao never overwrites a stack that another tool deploys.',
    next: [
      'Deploy it the way it always was.',
      'Or let cachao deploy its own stack: set stack.managed to true (--managed) with another stack.name.',
    ],
    exitCode: EXIT.usage,
  });
}
