import type { CachaoError } from '../../core/errors.js';
import { reportError } from '../../core/report.js';
import type { DoctorReport, StageReport } from '../../doctor/report.js';
import { notRepairedIds } from '../../repair/held.js';
import { type CommandResult, failureOf } from '../shared/result.js';
import type { DoctorFlags } from './flags.js';
import { type Render, rendererOf } from './format.js';

/** The report as the command's result: the one document, and the text. */
export function resultOf(report: DoctorReport, render: Render): CommandResult {
  const [first] = report.stages;
  const findings = report.stages.flatMap((stage) => stage.diagnosis?.findings ?? []);
  return {
    outcome: report.outcome,
    exitCode: report.exitCode,
    findings,
    changes: report.changes,
    more: {
      ...(report.stages.length === 1 && first?.diagnosis
        ? membersOf(first)
        : { stages: report.stages.map(asDocument) }),
      ...(report.changes.length > 0 && report.outcome !== 'planned'
        ? { notRepaired: notRepairedIds(report.changes, findings) }
        : {}),
    },
    text: (canvas) => render(report, canvas),
  };
}

function membersOf({ stage, diagnosis, checkout }: StageReport) {
  return {
    stage,
    deployed: diagnosis?.deployed ?? null,
    alsoInspected: diagnosis?.alsoInspected ?? [],
    checkout,
  };
}

function asDocument(report: StageReport) {
  const { diagnosis, exitCode, error } = report;
  return { ...membersOf(report), exitCode, findings: diagnosis?.findings ?? [], error };
}

/** What stopped the run before any stage was looked at, in the format that a machine waits for. */
export async function failedResult(
  error: CachaoError,
  flags: DoctorFlags,
  version: string,
): Promise<CommandResult> {
  const failure = failureOf(error);
  if (flags.format === 'text' || flags.format === 'json') return failure;
  const { exitCode } = error;
  const stage = flags.stage ?? 'the default stage';
  const report: DoctorReport = {
    outcome: failure.outcome,
    exitCode,
    stages: [{ stage, exitCode, diagnosis: null, checkout: null, error: reportError(error) }],
    changes: [],
    error: null,
    strict: flags.strict,
    checks: [],
    version,
  };
  const render = await rendererOf(flags.format, flags);
  return { ...failure, text: (canvas) => render(report, canvas) };
}
