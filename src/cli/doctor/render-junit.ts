import type { Finding } from '../../core/finding.js';
import type { DoctorReport, StageReport } from '../../doctor/report.js';
import { escaped, tag } from '../../terminal/xml.js';

/** JUnit's XML, as CI systems read it: a suite per stage and area, a case per check. */
export function renderJunit(report: DoctorReport): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag(
      'testsuites',
      { name: 'cachao doctor' },
      report.stages.flatMap((stage) => suitesOf(stage, report.strict)),
    ),
  ].join('\n');
}

function suitesOf(report: StageReport, strict: boolean): string[] {
  const { stage, diagnosis, error } = report;
  if (!diagnosis) return [suite(stage, [failedCase(stage, error.code, error.message)], { errors: 1 })];
  const areas = [...new Set(diagnosis.findings.map((finding) => finding.area))];
  return areas.map((area) => {
    const findings = diagnosis.findings.filter((finding) => finding.area === area);
    return suite(
      `${stage}.${area}`,
      findings.map((finding) => caseOf(stage, finding, strict)),
      countsOf(findings, strict),
      findings,
    );
  });
}

interface Counts {
  failures?: number;
  errors?: number;
  skipped?: number;
}

function countsOf(findings: readonly Finding[], strict: boolean): Counts {
  const count = (holds: (finding: Finding) => boolean) => findings.filter(holds).length;
  return {
    failures: count((finding) => kindOf(finding, strict) === 'failure'),
    errors: count((finding) => kindOf(finding, strict) === 'error'),
    skipped: count((finding) => kindOf(finding, strict) === 'skipped'),
  };
}

function suite(name: string, cases: string[], counts: Counts, findings: readonly Finding[] = []): string {
  const { failures = 0, errors = 0, skipped = 0 } = counts;
  const time = seconds(findings.reduce((longest, finding) => Math.max(longest, finding.durationMs), 0));
  return tag('testsuite', { name, tests: cases.length, failures, errors, skipped, time }, cases);
}

/** A failure is a problem; an error is what could not be looked at; what is accepted does not count. */
function kindOf(finding: Finding, strict: boolean): 'failure' | 'error' | 'skipped' | 'passed' {
  if (finding.outcome === 'skipped' || finding.muted) return 'skipped';
  if (finding.outcome === 'fail' || (strict && finding.outcome === 'warn')) return 'failure';
  return finding.outcome === 'unknown' ? 'error' : 'passed';
}

function caseOf(stage: string, finding: Finding, strict: boolean): string {
  const attributes = {
    classname: `cachao.${stage}.${finding.area}`,
    name: `${finding.id}: ${finding.title}`,
    time: seconds(finding.durationMs),
  };
  return tag('testcase', attributes, outcomeOf(finding, strict));
}

function outcomeOf(finding: Finding, strict: boolean): string[] {
  const message = finding.muted ? `muted: ${finding.muted.reason}; ${finding.summary}` : finding.summary;
  const kind = kindOf(finding, strict);
  if (kind === 'skipped') return [tag('skipped', { message })];
  if (kind === 'passed')
    return finding.outcome === 'warn'
      ? [tag('system-out', {}, [escaped(`warning: ${inFull(finding)}`)])]
      : [];
  return [tag(kind, { message, type: finding.id }, [escaped(inFull(finding))])];
}

function failedCase(stage: string, code: string, message: string): string {
  const error = tag('error', { message, type: code });
  return tag('testcase', { classname: `cachao.${stage}`, name: 'the stage can be checked' }, [error]);
}

function inFull({ summary, expected, actual, evidence, remedy }: Finding): string {
  return [
    summary,
    ...(expected === null ? [] : [`expected: ${expected}`]),
    ...(actual === null ? [] : [`actual: ${actual}`]),
    ...evidence.map(({ label, value, url }) => `${label}: ${value}${url ? ` ${url}` : ''}`),
    ...(remedy ? [remedy.text, ...remedy.commands, ...(remedy.url ? [remedy.url] : [])] : []),
  ].join('\n');
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
