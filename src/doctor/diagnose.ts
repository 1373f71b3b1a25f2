import type { PathCheck } from '../checks/types.js';
import type { Check } from '../core/check.js';
import { EXIT, type ExitCode, exitCodeOf } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import { type InspectionEvents, inspectAll } from '../core/inspect.js';
import type { ReportOutcome } from '../core/report.js';
import type { World } from '../world/world.js';
import { type Deployed, deployed } from './deployed.js';

/** How a stage stands. */
export interface Diagnosis {
  stage: string;
  outcome: Extract<ReportOutcome, 'ok' | 'problem' | 'unknown'>;
  exitCode: ExitCode;
  deployed: Deployed | null;
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
  const names = deployed(world);
  const findings = await inspectAll(checks as readonly Check<World, never>[], world, events);
  const exitCode = exitCodeOf(findings, options);
  return {
    stage: world.settings.stage,
    outcome: exitCode === EXIT.ok ? 'ok' : exitCode === EXIT.unknown ? 'unknown' : 'problem',
    exitCode,
    // Checks have deadlines and this has none: what is not known by now stays unknown.
    deployed: await Promise.race([names, Promise.resolve(null)]),
    findings,
  };
}
