import type { AuditFinding } from '../../audit/finding.js';
import type { AuditRule } from '../../audit/rule.js';
import type { AuditReport, TemplateReport } from '../../audit/run.js';
import { type JunitResult, type JunitSuite, writeJunit } from '../../terminal/formats/junit.js';

/** A suite per template, a case per rule. A rule that only warned passes, and says so. */
export function renderJunit(report: AuditReport, rules: readonly AuditRule[]): string {
  return writeJunit('cachao audit', [
    ...report.templates.map((template) => suiteOf(template, rules)),
    ...(report.error ? [unread(report.error.message, report.error.code)] : []),
  ]);
}

function suiteOf({ file, findings }: TemplateReport, rules: readonly AuditRule[]): JunitSuite {
  return {
    name: file,
    cases: rules.map((rule) => ({
      classname: `cachao.audit.${rule.area}`,
      name: `${rule.id}: ${rule.title}`,
      attributes: { file },
      result: resultOf(
        rule.id,
        findings.filter((finding) => finding.id === rule.id),
      ),
    })),
  };
}

function resultOf(id: string, findings: readonly AuditFinding[]): JunitResult {
  const counted = findings.filter((finding) => !finding.muted);
  const failed = counted.filter((finding) => finding.outcome === 'fail');
  if (failed.length > 0) {
    const message = failed.map((finding) => finding.summary).join(' ');
    return { kind: 'failure', message, type: id, text: counted.map(inFull).join('\n\n') };
  }
  if (counted.length > 0)
    return { kind: 'passed', note: counted.map((one) => `warning: ${inFull(one)}`).join('\n\n') };
  if (findings.length === 0) return { kind: 'passed' };
  return { kind: 'skipped', message: findings.map(({ muted }) => `muted: ${muted?.reason}`).join('; ') };
}

function unread(message: string, type: string): JunitSuite {
  const result = { kind: 'error' as const, message, type };
  return {
    name: 'templates',
    cases: [{ classname: 'cachao.audit', name: 'the templates can be read', result }],
  };
}

const inFull = ({ location, summary, why, remedy }: AuditFinding): string =>
  [
    `${location.file}:${location.line}:${location.column} ${summary}`,
    location.excerpt,
    why,
    remedy?.text ?? '',
  ].join('\n');
