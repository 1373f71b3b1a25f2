import type { Progress } from '../../core/check.js';
import { CachaoError } from '../../core/errors.js';
import { discardChangeSet, type PreparedChangeSet, prepareChangeSet } from '../../stack/change-set.js';
import { executeChangeSet } from '../../stack/execute.js';
import { StackFailedError } from '../../stack/failure.js';
import type { StackInputs } from '../../stack/parameters.js';
import { planStack, type StackPlan } from '../../stack/plan.js';
import type { StackRun } from '../../stack/services.js';
import type { Bench } from '../../world/bench.js';
import { stackInputs } from '../../world/stack-inputs.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';

/** Logical id of the archive in `infra/template.yaml`; AWS documents nowhere whether a partner bus may have one. */
const ARCHIVE = 'StripeEventArchive';

/** What is done with a change set that was looked at; `keep` leaves it for later. */
export type Review = 'execute' | 'keep' | 'discard';

export interface Deployed {
  prepared: PreparedChangeSet;
  /** Undefined: there was nothing to execute. */
  review: Exclude<Review, 'discard'> | undefined;
}

export interface DeployOptions {
  /** Also brings back what was changed by hand since the last deployment. */
  revertDrift?: boolean;
}

/** What a deployment would change, found by comparing with what is deployed. */
export async function stackPlan(world: World, check: string): Promise<StackPlan> {
  return planStack(world, world.settings, await stackInputs(world), check);
}

/** The fix of a check, where it deploys our own stack. */
export type OwnStackFix = Required<Pick<PathCheck, 'fix' | 'fixOwnStackOnly'>>;

/** Deploying as the fix of a check, where `concerns` says that the stack's condition is that check's business. */
export function deployFix(check: string, concerns: (plan: StackPlan) => boolean): OwnStackFix {
  return {
    fixOwnStackOnly: true,
    async fix(world) {
      if (!world.settings.stack.managed) return [];
      const plan = await stackPlan(world, check);
      return concerns(plan) ? plan.changes.map((change) => ({ ...change, apply: deploy })) : [];
    },
  };
  async function deploy(bench: Bench, progress: Progress): Promise<void> {
    await deployStack(bench, progress, check, async ({ changes, destructive }) =>
      (await bench.consent.changeSet(changes, destructive)) ? 'execute' : 'discard',
    );
  }
}

/**
 * Deploys what this checkout and these settings say, after `review` has looked at CloudFormation's own change set.
 * An archive that AWS refuses is left out.
 * @throws CachaoError DECLINED, and what preparing and executing throw
 */
export async function deployStack(
  bench: Bench,
  progress: Progress,
  check: string,
  review: (prepared: PreparedChangeSet) => Promise<Review>,
  options: DeployOptions = {},
): Promise<Deployed> {
  const inputs = { ...(await stackInputs(bench.world)), ...options };
  try {
    return await deployOnce(bench, inputs, progress, check, review);
  } catch (error) {
    if (!refusesArchive(error) || inputs.archive === false) throw error;
    progress.note('AWS refuses an archive on this bus: deploying without it');
    return await deployOnce(bench, { ...inputs, archive: false }, progress, check, review);
  } finally {
    bench.world.forget();
  }
}

function refusesArchive(error: unknown): boolean {
  if (!(error instanceof StackFailedError) || error.resource?.logicalId !== ARCHIVE) return false;
  // Whoever may not make one has another problem, and must hear of it.
  return !/not authorized|AccessDenied/i.test(error.resource.reason);
}

async function deployOnce(
  bench: Bench,
  inputs: StackInputs,
  progress: Progress,
  check: string,
  review: (prepared: PreparedChangeSet) => Promise<Review>,
): Promise<Deployed> {
  const { settings } = bench.world;
  const run: StackRun = {
    progress,
    onEvent: (event) => {
      if (!event.status.endsWith('_IN_PROGRESS'))
        progress.note(`${event.status} ${event.logicalId}${event.reason ? `: ${event.reason}` : ''}`);
    },
    recoverStack: (what) => bench.consent.recoverStack(what),
    signal: bench.signal,
  };
  const prepared = await prepareChangeSet(bench.stack, settings, inputs, run, check);
  const decided = prepared.changeSetName ? await reviewed(bench, prepared, review) : undefined;
  if (decided === 'keep') return { prepared, review: decided };
  await executeChangeSet(bench.stack, settings, prepared, run);
  return { prepared, review: decided };
}

/** What was declined, or could not be asked about, does not stay behind. */
async function reviewed(
  bench: Bench,
  prepared: PreparedChangeSet,
  review: (prepared: PreparedChangeSet) => Promise<Review>,
): Promise<Exclude<Review, 'discard'>> {
  let decided: Review = 'discard';
  try {
    decided = await review(prepared);
  } finally {
    if (decided === 'discard') await discardChangeSet(bench.stack, prepared);
  }
  if (decided === 'discard') throw declined();
  return decided;
}

function declined(): CachaoError {
  return new CachaoError({
    code: 'DECLINED',
    message: 'The change set was declined and discarded; the stack was not changed.',
    next: ['Earlier changes are kept. Run the command again to see the remaining changes.'],
  });
}
