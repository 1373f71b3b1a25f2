import type { Finding } from '../../core/finding.js';
import type { CheckDescription } from '../../doctor/describe.js';
import type { DoctorReport, StageReport } from '../../doctor/report.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Code scanning shows results at a place in the repository; a stage stands in this file. */
const PLACE = 'cachao.config.json';

/** SARIF 2.1.0: a rule per check, a result per unhealthy finding; what could not be looked at is a notification. */
export function renderSarif(report: DoctorReport): string {
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'cachao doctor',
            semanticVersion: report.version,
            rules: report.checks.map(ruleOf),
          },
        },
        automationDetails: { id: `cachao-doctor/${report.stages.map((one) => one.stage).join('+')}` },
        invocations: [invocationOf(report)],
        results: report.stages.flatMap((stage) =>
          (stage.diagnosis?.findings ?? [])
            .filter((finding) => finding.outcome === 'fail' || finding.outcome === 'warn')
            .map((finding) => resultOf(stage.stage, finding, report.checks)),
        ),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function ruleOf(check: CheckDescription) {
  return {
    id: check.id,
    shortDescription: { text: check.title },
    fullDescription: { text: check.why },
    help: { text: `${check.why}\n\ncachao doctor --explain ${check.id}` },
    defaultConfiguration: { level: check.severity === 'fail' ? 'error' : 'warning' },
    properties: { tags: ['cachao', check.area] },
  };
}

function resultOf(stage: string, finding: Finding, checks: readonly CheckDescription[]) {
  return {
    ruleId: finding.id,
    ruleIndex: checks.findIndex((check) => check.id === finding.id),
    kind: 'fail',
    level: finding.outcome === 'fail' ? 'error' : 'warning',
    message: { text: messageOf(stage, finding) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: PLACE }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: `${stage}/${finding.id}`, kind: 'resource' }],
      },
    ],
    // The same problem of the same stage stays one alert.
    partialFingerprints: { 'cachaoFinding/v1': `${stage}/${finding.id}` },
    ...(finding.muted
      ? { suppressions: [{ kind: 'external', status: 'accepted', justification: finding.muted.reason }] }
      : {}),
  };
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

function invocationOf({ stages, exitCode }: DoctorReport) {
  const notifications = stages.flatMap(notificationsOf);
  return {
    executionSuccessful: notifications.length === 0,
    exitCode,
    toolExecutionNotifications: notifications,
  };
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
