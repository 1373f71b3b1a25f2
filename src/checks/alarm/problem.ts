import type { PlannedChange } from '../../core/check.js';
import type { Evidence } from '../../core/finding.js';
import type { Bench } from '../../world/bench.js';

/** Why an alarm reaches nobody, and what a machine can do about it. */
export interface Problem {
  outcome: 'warn' | 'fail';
  summary: string;
  /** For a person, or what the repair does. */
  todo: string;
  evidence: Evidence;
  repair?: Omit<PlannedChange<Bench>, 'check'>;
}
