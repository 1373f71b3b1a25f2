import type { CheckoutResult } from '../checkout/types.js';
import type { Change } from '../core/check.js';
import { EXIT, type ExitCode, worstExitCode } from '../core/exit-code.js';
import type { ReportError, ReportOutcome } from '../core/report.js';
import type { CheckDescription } from './describe.js';
import type { Diagnosis } from './diagnose.js';

/** How one stage stands, or why it could not be looked at. */
export type StageReport = { stage: string; exitCode: ExitCode } & (
  | {
      diagnosis: Diagnosis;
      checkout: CheckoutResult | null;
      error: null;
      /** Nothing of it is there, beside stages that are. */
      isAbsent?: boolean;
    }
  | { diagnosis: null; checkout: null; error: ReportError }
);

/** What doctor tells, in whichever format. */
export interface DoctorReport {
  outcome: ReportOutcome;
  exitCode: ExitCode;
  stages: StageReport[];
  /** What a repair changed, or in a dry run would change. */
  changes: Change[];
  /** What stopped a repair. */
  error: ReportError | null;
  /** Warnings count as problems. */
  strict: boolean;
  /** What findings may be about. */
  checks: CheckDescription[];
  version: string;
}

/** Of several stages, the worst decides. */
export function overall(exitCodes: readonly ExitCode[]): Pick<DoctorReport, 'outcome' | 'exitCode'> {
  const exitCode = worstExitCode(exitCodes);
  return {
    exitCode,
    outcome: exitCode === EXIT.ok ? 'ok' : exitCode === EXIT.unknown ? 'unknown' : 'problem',
  };
}
