import type { PathCheck } from '../checks/types.js';
import { type CachaoError, InterruptedError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import type { ReportOutcome } from '../core/report.js';
import type { Bench } from '../world/bench.js';
import { type Converged, type ConvergeEvents, converge } from './converge.js';
import type { Plan } from './plan.js';

/** What a repair asks of, and tells, whoever runs it. */
export interface RepairHost extends ConvergeEvents {
  inspecting(total: number): void;
  inspected(finding: Finding): void;
  /** A check has no answer yet. */
  slow?(check: { id: string; title: string }, afterMs: number): void;
  planned(plan: Plan): void;
  /** Never called when there is nothing to change. */
  confirmPlan(plan: Plan): Promise<boolean>;
}

/** Makes the payment path true, as far as a machine can, with the patience that AWS and Stripe need. */
export function repair(
  checks: readonly PathCheck[],
  bench: Bench,
  known: readonly Finding[],
  host: ConvergeEvents,
): Promise<Converged> {
  const { world, signal } = bench;
  const patience = { refresh: () => world.forget(), pausesMs: [300, 700, 1500, 3000, 5000] };
  return converge(checks, world, bench, known, host, patience, signal);
}

/** What a run comes to that was stopped by this. */
export function outcomeOfError(error: CachaoError): ReportOutcome {
  if (error instanceof InterruptedError) return 'interrupted';
  if (error.exitCode === EXIT.unknown) return 'unknown';
  return error.code === 'DECLINED' ? 'declined' : 'error';
}
