import type { PathCheck } from '../checks/types.js';
import type { Check } from '../core/check.js';
import { EXIT, type ExitCode, exitCodeOf } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import { type InspectionEvents, inspectAll } from '../core/inspect.js';
import type { ReportOutcome } from '../core/report.js';
import type { World } from '../world/world.js';

/** How a stage stands. */
export interface Diagnosis {
  stage: string;
  outcome: Extract<ReportOutcome, 'ok' | 'problem' | 'unknown'>;
  exitCode: ExitCode;
  findings: Finding[];
}

export interface DiagnoseOptions {
  /** Warnings count as problems. */
  strict: boolean;
}

/** Inspects every check against what is really deployed. Only looks. */
export async function diagnose(
  world: World,
  checks: readonly PathCheck[],
  options: DiagnoseOptions,
  events: InspectionEvents,
): Promise<Diagnosis> {
  const findings = await inspectAll(checks as readonly Check<World, never>[], world, events);
  return diagnosisOf(world.settings.stage, findings, options);
}

function diagnosisOf(stage: string, findings: Finding[], { strict }: DiagnoseOptions): Diagnosis {
  const exitCode = exitCodeOf(findings, { strict });
  const outcome = exitCode === EXIT.ok ? 'ok' : exitCode === EXIT.unknown ? 'unknown' : 'problem';
  return { stage, outcome, exitCode, findings };
}
