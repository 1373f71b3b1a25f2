import type { AuditFinding } from '../../audit/finding.js';
import type { AuditRule } from '../../audit/rule.js';
import type { AuditReport } from '../../audit/run.js';
import { sarifResult, sarifRule, writeSarif } from '../../terminal/formats/sarif.js';

/** A result per finding at its place, with the patch as a description. */
export function renderSarif(report: AuditReport, rules: readonly AuditRule[], version: string): string {
  const { error, exitCode, findings } = report;
  return writeSarif({
    tool: 'cachao audit',
    version,
    rules: rules.map((rule) =>
      sarifRule(
        rule,
        `cachao audit --explain ${rule.id}`,
        rule.item === undefined ? [] : [`item-${rule.item}`],
      ),
    ),
    more: { columnKind: 'utf16CodeUnits' },
    exitCode,
    executionSuccessful: error === null,
    notifications: error ? [{ level: 'error', message: { text: error.message } }] : [],
    results: findings.map((finding) => resultOf(finding, rules)),
  });
}

function resultOf(
  { id, outcome, summary, remedy, location, muted }: AuditFinding,
  rules: readonly AuditRule[],
) {
  const { file, line, column, excerpt, path } = location;
  return sarifResult({
    ...{ id, rules, outcome },
    message: [summary, remedy?.text ?? ''].join('\n').trim(),
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file) },
      region: { startLine: line, startColumn: column, snippet: { text: excerpt } },
    },
    logicalName: path,
    // Without the line: lines above it may move.
    fingerprint: `${file}/${path}/${id}`,
    muted: muted && { kind: 'inSource', reason: muted.reason },
  });
}
