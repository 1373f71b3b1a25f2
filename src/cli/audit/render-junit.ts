import type { AuditFinding } from '../../audit/finding.js';
import type { AuditRule } from '../../audit/rule.js';
import type { AuditReport, TemplateReport } from '../../audit/run.js';
import { escaped, tag } from '../../terminal/xml.js';

/** JUnit's XML: a suite per template, a case per rule. A rule that only warned passes, and says so. */
export function renderJunit(report: AuditReport, rules: readonly AuditRule[]): string {
  const suites = [
    ...report.templates.map((template) => suiteOf(template, rules)),
    ...(report.error ? [unread(report.error.message, report.error.code)] : []),
  ];
  return ['<?xml version="1.0" encoding="UTF-8"?>', tag('testsuites', { name: 'cachao audit' }, suites)].join(
    '\n',
  );
}

function suiteOf({ file, findings }: TemplateReport, rules: readonly AuditRule[]): string {
  const cases = rules.map((rule) =>
    caseOf(
      file,
      rule,
      findings.filter((finding) => finding.id === rule.id),
    ),
  );
  const counts = {
    failures: cases.filter((one) => one.kind === 'failure').length,
    errors: 0,
    skipped: cases.filter((one) => one.kind === 'skipped').length,
  };
  return tag(
    'testsuite',
    { name: file, tests: cases.length, ...counts },
    cases.map((one) => one.xml),
  );
}

function caseOf(
  file: string,
  rule: AuditRule,
  findings: readonly AuditFinding[],
): { kind: string; xml: string } {
  const attributes = { classname: `cachao.audit.${rule.area}`, name: `${rule.id}: ${rule.title}`, file };
  const counted = findings.filter((finding) => !finding.muted);
  const failed = counted.filter((finding) => finding.outcome === 'fail');
  if (failed.length > 0) {
    const message = failed.map((finding) => finding.summary).join(' ');
    const failure = tag('failure', { message, type: rule.id }, [escaped(counted.map(inFull).join('\n\n'))]);
    return { kind: 'failure', xml: tag('testcase', attributes, [failure]) };
  }
  if (counted.length > 0) {
    const warning = tag('system-out', {}, [
      escaped(counted.map((one) => `warning: ${inFull(one)}`).join('\n\n')),
    ]);
    return { kind: 'passed', xml: tag('testcase', attributes, [warning]) };
  }
  if (findings.length === 0) return { kind: 'passed', xml: tag('testcase', attributes) };
  const message = findings.map((finding) => `muted: ${finding.muted?.reason}`).join('; ');
  return { kind: 'skipped', xml: tag('testcase', attributes, [tag('skipped', { message })]) };
}

function unread(message: string, code: string): string {
  const one = tag('testcase', { classname: 'cachao.audit', name: 'the templates can be read' }, [
    tag('error', { message, type: code }),
  ]);
  return tag('testsuite', { name: 'templates', tests: 1, failures: 0, errors: 1, skipped: 0 }, [one]);
}

const inFull = ({ location, summary, why, remedy }: AuditFinding): string =>
  [
    `${location.file}:${location.line}:${location.column} ${summary}`,
    location.excerpt,
    why,
    remedy?.text ?? '',
  ].join('\n');
