import type { Fix, Progress } from '../../core/check.js';
import { CachaoError } from '../../core/errors.js';
import { discardChangeSet, prepareChangeSet } from '../../stack/change-set.js';
import { executeChangeSet } from '../../stack/execute.js';
import { StackFailedError } from '../../stack/failure.js';
import type { StackInputs } from '../../stack/parameters.js';
import { planStack, type StackPlan } from '../../stack/plan.js';
import type { StackRun } from '../../stack/services.js';
import type { Bench } from '../../world/bench.js';
import { stackInputs } from '../../world/stack-inputs.js';
import type { World } from '../../world/world.js';

/** Logical id of the archive in `infra/template.yaml`; AWS documents nowhere whether a partner bus may have one. */
const ARCHIVE = 'StripeEventArchive';

/** What a deployment would change, found by comparing with what is deployed. */
export async function stackPlan(world: World, check: string): Promise<StackPlan> {
  return planStack(world, world.settings, await stackInputs(world), check);
}

/** Deploying as the fix of a check, where `concerns` says that the stack's condition is that check's business. */
export function deployFix(check: string, concerns: (plan: StackPlan) => boolean): Fix<World, Bench> {
  return {
    async plan(world) {
      const plan = await stackPlan(world, check);
      return concerns(plan) ? plan.changes : [];
    },
    async apply(bench, _changes, progress) {
      try {
        await deploy(bench, await stackInputs(bench.world), progress, check);
      } finally {
        bench.world.forget();
      }
    },
  };
}

async function deploy(bench: Bench, inputs: StackInputs, progress: Progress, check: string): Promise<void> {
  try {
    await deployOnce(bench, inputs, progress, check);
  } catch (error) {
    if (
      !(error instanceof StackFailedError) ||
      error.resource?.logicalId !== ARCHIVE ||
      inputs.archive === false
    )
      throw error;
    progress.note('AWS refuses an archive on this bus: deploying without it');
    await deployOnce(bench, { ...inputs, archive: false }, progress, check);
  }
}

async function deployOnce(
  bench: Bench,
  inputs: StackInputs,
  progress: Progress,
  check: string,
): Promise<void> {
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
  if (prepared.changeSetName && !(await bench.consent.changeSet(prepared.changes, prepared.destructive))) {
    await discardChangeSet(bench.stack, prepared);
    throw new CachaoError({
      code: 'DECLINED',
      message: 'The change set was declined and discarded; the stack was not changed.',
      next: ['What was made before it stands. Run setup again to see the plan anew.'],
    });
  }
  await executeChangeSet(bench.stack, settings, prepared, run);
}
