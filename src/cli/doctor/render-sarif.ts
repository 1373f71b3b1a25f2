import type { Finding } from '../../core/finding.js';
import type { CheckDescription } from '../../doctor/describe.js';
import type { DoctorReport, StageReport } from '../../doctor/report.js';
import { sarifResult, sarifRule, writeSarif } from '../../terminal/formats/sarif.js';

/** Code scanning shows results at a place in the repository; a stage's settings are in this file. */
const PLACE = 'cachao.config.json';

/** A rule per check, a result per unhealthy finding; what could not be checked is a notification. */
export function renderSarif(report: DoctorReport): string {
  const { stages, checks, version, exitCode } = report;
  const notifications = stages.flatMap(notificationsOf);
  return writeSarif({
    tool: 'cachao doctor',
    version,
    rules: checks.map((check) => sarifRule(check, `cachao doctor --explain ${check.id}`)),
    more: { automationDetails: { id: `cachao-doctor/${stages.map((one) => one.stage).join('+')}` } },
    exitCode,
    executionSuccessful: notifications.length === 0,
    notifications,
    results: stages.flatMap((stage) =>
      (stage.diagnosis?.findings ?? [])
        .filter((finding) => finding.outcome === 'fail' || finding.outcome === 'warn')
        .map((finding) => resultOf(stage.stage, finding, checks)),
    ),
  });
}

function resultOf(stage: string, finding: Finding, rules: readonly CheckDescription[]) {
  const { id, outcome, muted } = finding;
  const name = `${stage}/${id}`;
  return sarifResult({
    ...{ id, rules, outcome },
    message: messageOf(stage, finding),
    physicalLocation: { artifactLocation: { uri: PLACE }, region: { startLine: 1 } },
    logicalName: name,
    fingerprint: name,
    muted: muted && { kind: 'external', reason: muted.reason },
  });
}

function messageOf(stage: string, { title, summary, expected, actual, remedy }: Finding): string {
  return [
    `Stage ${stage}: ${summary}.`,
    `Should hold: ${title}.`,
    ...(expected === null ? [] : [`Expected: ${expected}.`]),
    ...(actual === null ? [] : [`Actual: ${actual}.`]),
    ...(remedy ? [remedy.text, ...remedy.commands] : []),
  ].join('\n');
}

function notificationsOf({ stage, diagnosis, error }: StageReport) {
  if (!diagnosis) return [{ level: 'error', message: { text: `Stage ${stage}: ${error.message}` } }];
  return diagnosis.findings
    .filter((finding) => finding.outcome === 'unknown')
    .map((finding) => ({
      level: finding.severity === 'fail' ? 'error' : 'warning',
      message: { text: `Stage ${stage}: could not check ${finding.id}: ${finding.summary}` },
      associatedRule: { id: finding.id },
    }));
}
