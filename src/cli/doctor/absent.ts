import { EXIT } from '../../core/exit-code.js';
import type { Finding } from '../../core/finding.js';
import { isBlank } from '../../doctor/diagnose.js';
import type { StageReport } from '../../doctor/report.js';

/**
 * Of several stages, one that is not set up (or was destroyed) and still stands in the configuration is no failure of
 * the others: it is told, and counts only when it is live, when warnings count, or when no stage is set up.
 */
export function besidesAbsent(reports: readonly StageReport[], strict: boolean): StageReport[] {
  const absent = reports.filter(({ diagnosis }) => diagnosis && isBlank(diagnosis));
  if (absent.length === 0 || absent.length === reports.length) return [...reports];
  return reports.map((report) => {
    if (!report.diagnosis || !absent.includes(report)) return report;
    const isCounted = strict || report.diagnosis.mode === 'live';
    return isCounted ? { ...report, isAbsent: true } : notCounted(report);
  });
}

function notCounted(report: StageReport & { error: null }): StageReport {
  const findings = report.diagnosis.findings.map((finding) => asSkipped(finding, report.stage));
  return {
    ...report,
    exitCode: EXIT.ok,
    isAbsent: true,
    diagnosis: { ...report.diagnosis, findings, outcome: 'ok', exitCode: EXIT.ok },
  };
}

function asSkipped(finding: Finding, stage: string): Finding {
  if (finding.outcome === 'pass') return finding;
  const summary = `stage ${stage} is not set up`;
  return {
    ...finding,
    outcome: 'skipped',
    summary,
    expected: null,
    actual: null,
    evidence: [],
    remedy: null,
  };
}
