import type { PathCheck } from '../checks/types.js';
import { type CachaoError, InterruptedError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import type { ReportOutcome } from '../core/report.js';
import type { Bench } from '../world/bench.js';
import { type Converged, type ConvergeEvents, converge, type Known, type Patience } from './converge.js';
import { lookBack } from './look-back.js';
import type { Plan } from './plan.js';

/** What a repair asks of, and tells, whoever runs it. */
export interface RepairHost extends ConvergeEvents {
  inspecting(total: number): void;
  inspected(finding: Finding): void;
  /** A check has no answer yet. */
  slow?(check: { id: string; title: string }, afterMs: number): void;
  planned(plan: Plan<Bench>): void;
  /** Never called when there is nothing to change. */
  confirmPlan(plan: Plan<Bench>): Promise<boolean>;
}

/** Makes the payment path true, as far as a machine can, with the patience that AWS and Stripe need. */
export function repair(
  checks: readonly PathCheck[],
  bench: Bench,
  known: Known<Bench>,
  host: ConvergeEvents,
): Promise<Converged> {
  const { world, signal } = bench;
  return converge(checks, world, bench, known, host, patienceOf(bench), signal);
}

/** The same, and at the end what was looked at before the last change is looked at again. */
export async function repairAndLookBack(
  checks: readonly PathCheck[],
  bench: Bench,
  known: Known<Bench>,
  host: ConvergeEvents,
): Promise<Converged> {
  const converged = await repair(checks, bench, known, host);
  if (converged.error || converged.changes.length === 0) return converged;
  const { findings, changes } = converged;
  return {
    ...converged,
    findings: await lookBack(checks, bench.world, findings, changes, patienceOf(bench)),
  };
}

const patienceOf = ({ world }: Bench): Patience => ({
  refresh: () => world.forget(),
  pausesMs: [300, 700, 1500, 3000, 5000],
});

/** What a run comes to that was stopped by this. */
export function outcomeOfError(error: CachaoError): ReportOutcome {
  if (error instanceof InterruptedError) return 'interrupted';
  if (error.exitCode === EXIT.unknown) return 'unknown';
  return error.code === 'DECLINED' ? 'declined' : 'error';
}
