import type { AuditFinding } from '../../audit/finding.js';
import type { AuditRule } from '../../audit/rule.js';
import type { AuditReport } from '../../audit/run.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** SARIF 2.1.0: a rule per rule, a result per finding at its place, with the patch as a description. */
export function renderSarif(report: AuditReport, rules: readonly AuditRule[], version: string): string {
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'cachao audit', semanticVersion: version, rules: rules.map(describe) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.error === null,
            exitCode: report.exitCode,
            toolExecutionNotifications: report.error
              ? [{ level: 'error', message: { text: report.error.message } }]
              : [],
          },
        ],
        results: report.findings.map((finding) => resultOf(finding, rules)),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function describe({ id, title, why, severity, area, item }: AuditRule) {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\ncachao audit --explain ${id}` },
    defaultConfiguration: { level: severity === 'fail' ? 'error' : 'warning' },
    properties: { tags: ['cachao', area, ...(item === undefined ? [] : [`item-${item}`])] },
  };
}

function resultOf(finding: AuditFinding, rules: readonly AuditRule[]) {
  const { file, line, column, excerpt, path } = finding.location;
  return {
    ruleId: finding.id,
    ruleIndex: rules.findIndex((rule) => rule.id === finding.id),
    kind: 'fail',
    level: finding.outcome === 'fail' ? 'error' : 'warning',
    message: { text: [finding.summary, finding.remedy?.text ?? ''].join('\n').trim() },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file) },
          region: { startLine: line, startColumn: column, snippet: { text: excerpt } },
        },
        logicalLocations: [{ fullyQualifiedName: path, kind: 'resource' }],
      },
    ],
    // The same problem stays one alert, when lines above it move.
    partialFingerprints: { 'cachaoFinding/v1': `${file}/${path}/${finding.id}` },
    ...(finding.muted
      ? { suppressions: [{ kind: 'inSource', status: 'accepted', justification: finding.muted.reason }] }
      : {}),
  };
}
