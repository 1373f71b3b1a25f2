import type { DoctorReport, StageReport } from '../../doctor/report.js';
import type { CommandResult } from '../result.js';
import type { Render } from './format.js';

/** The report as the command's result: the one document, and the text. */
export function resultOf(report: DoctorReport, render: Render): CommandResult {
  const [first] = report.stages;
  return {
    outcome: report.outcome,
    exitCode: report.exitCode,
    findings: report.stages.flatMap((stage) => stage.diagnosis?.findings ?? []),
    changes: report.changes,
    more:
      report.stages.length === 1 && first?.diagnosis
        ? membersOf(first)
        : { stages: report.stages.map(asDocument) },
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
