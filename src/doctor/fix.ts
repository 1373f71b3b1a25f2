import type { PathCheck } from '../checks/types.js';
import type { Change } from '../core/check.js';
import { CachaoError, InterruptedError } from '../core/errors.js';
import { EXIT, type ExitCode } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import type { InspectionEvents } from '../core/inspect.js';
import { describeChange } from '../core/planned-change.js';
import type { ReportOutcome } from '../core/report.js';
import { planFrom } from '../repair/plan.js';
import { outcomeOfError, type RepairHost, repair } from '../repair/repair.js';
import type { Bench } from '../world/bench.js';
import type { World } from '../world/world.js';
import { withNeeds } from './choose.js';
import { type DiagnoseOptions, type Diagnosis, diagnose, examine, isBlank, judge } from './diagnose.js';
import { END_TO_END } from './end-to-end.js';

export interface FixOptions extends DiagnoseOptions {
  /** Ends with the plan. */
  dryRun: boolean;
}

export interface FixResult {
  outcome: ReportOutcome;
  exitCode: ExitCode;
  /** How it stands at the end: looked at again when something was changed. */
  diagnosis: Diagnosis;
  /** What was changed; in a dry run, what would be. */
  changes: Change[];
  error: CachaoError | null;
}

/** Where a repair stands, also when it is cut short. */
interface Standing {
  diagnosis: Diagnosis;
  changes: readonly Change[];
}

/**
 * Inspects, plans what a machine can repair, has the plan confirmed, makes it so, and inspects again: only that
 * decides what holds now. What is muted is accepted, and stays as it is.
 */
export async function fix(
  world: World,
  openBench: () => Bench,
  options: FixOptions,
  host: RepairHost,
): Promise<FixResult> {
  const looking = withoutProof(options);
  host.inspecting(looking.choice.checks.length);
  const seen = await examine(world, looking, eventsFor(host));
  const diagnosis = judge(world, looking, seen);
  const standing: Standing = { diagnosis, changes: [] };
  try {
    const checks = repairable(looking, diagnosis, seen.inspected);
    const plan = await planFrom(checks, world, seen.inspected);
    host.planned(plan);
    if (isBlank(diagnosis)) throw notSetUp(diagnosis.stage);
    if (options.dryRun)
      return { ...ending({ diagnosis, changes: plan.changes.map(describeChange) }), outcome: 'planned' };
    if (plan.changes.length > 0) {
      if (!(await host.confirmPlan(plan)))
        return { ...ending(standing), outcome: 'declined', exitCode: EXIT.problem };
      if (options.signal.aborted) throw new InterruptedError('Interrupted before anything was changed.');
      const converged = await repair(checks, openBench(), plan, host);
      standing.changes = converged.changes;
      if (converged.error) throw converged.error;
    }
    standing.diagnosis = await again(world, options, standing, host);
    return ending(standing);
  } catch (error) {
    if (!(error instanceof CachaoError)) throw error;
    if (!options.signal.aborted) standing.diagnosis = await again(world, looking, standing, host);
    return { ...ending(standing), outcome: outcomeOfError(error), exitCode: error.exitCode, error };
  }
}

/** The proof comes at the end: of what was repaired. */
function withoutProof(options: DiagnoseOptions): DiagnoseOptions {
  const { choice } = options;
  return {
    ...options,
    choice: { ...choice, checks: choice.checks.filter((check) => check.id !== END_TO_END) },
  };
}

/** What was meant and is not muted, with its fix; and what that needs, only to be looked at. */
function repairable(
  { choice }: DiagnoseOptions,
  diagnosis: Diagnosis,
  inspected: readonly Finding[],
): PathCheck[] {
  const accepted = new Set(
    diagnosis.findings.filter((finding) => finding.muted).map((finding) => finding.id),
  );
  const healthy = new Set(
    inspected.filter((finding) => finding.outcome === 'pass').map((finding) => finding.id),
  );
  const broken = choice.checks.filter(
    (check) => check.fix && choice.chosen.has(check.id) && !healthy.has(check.id) && !accepted.has(check.id),
  );
  const ids = new Set(broken.map((check) => check.id));
  const needed = withNeeds(ids, choice.checks, { fixes: true });
  return choice.checks
    .filter((check) => needed.has(check.id))
    .map(({ fix, ...check }) => (fix && ids.has(check.id) ? { ...check, fix } : check));
}

/** Looked at again when something was changed, or when the proof is still to come. */
async function again(
  world: World,
  options: DiagnoseOptions,
  { diagnosis, changes }: Standing,
  host: RepairHost,
): Promise<Diagnosis> {
  const proof = options.choice.checks.some((check) => check.id === END_TO_END);
  if (changes.length === 0 && !proof) return diagnosis;
  world.forget();
  host.inspecting(options.choice.checks.length);
  return diagnose(world, options, eventsFor(host));
}

function eventsFor(host: RepairHost): InspectionEvents {
  return {
    finished: (finding) => host.inspected(finding),
    slow: (check, afterMs) => host.slow?.(check, afterMs),
  };
}

function ending({ diagnosis, changes }: Standing): FixResult {
  const { outcome, exitCode } = diagnosis;
  const done = changes.length > 0 ? 'changed' : 'unchanged';
  return {
    outcome: outcome === 'ok' ? done : outcome,
    exitCode,
    diagnosis,
    changes: [...changes],
    error: null,
  };
}

function notSetUp(stage: string): CachaoError {
  return new CachaoError({
    code: 'NOT_SET_UP',
    message: `Nothing of stage ${stage} is set up here yet, so there is nothing to repair.`,
    next: [
      'Set it up: cachao setup',
      'If it should be there: check the AWS account, the region and --stage.',
    ],
  });
}
