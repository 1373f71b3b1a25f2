import type { PathCheck } from '../checks/types.js';
import type { Finding } from '../core/finding.js';
import type { Bench } from '../world/bench.js';
import { type Converged, type ConvergeEvents, converge } from './converge.js';
import type { Plan } from './plan.js';

/** What a repair asks of, and tells, whoever runs it. */
export interface RepairHost extends ConvergeEvents {
  inspecting(total: number): void;
  inspected(finding: Finding): void;
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
