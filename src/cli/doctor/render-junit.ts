import type { Finding } from '../../core/finding.js';
import type { DoctorReport, StageReport } from '../../doctor/report.js';
import { type JunitResult, type JunitSuite, writeJunit } from '../../terminal/formats/junit.js';

/** A suite per stage and area, a case per check. */
export function renderJunit(report: DoctorReport): string {
  return writeJunit(
    'cachao doctor',
    report.stages.flatMap((stage) => suitesOf(stage, report.strict)),
  );
}

function suitesOf({ stage, diagnosis, error }: StageReport, strict: boolean): JunitSuite[] {
  if (!diagnosis) {
    const result = { kind: 'error' as const, message: error.message, type: error.code };
    const cases = [{ classname: `cachao.${stage}`, name: 'the stage can be checked', result }];
    return [{ name: stage, cases, attributes: { time: seconds(0) } }];
  }
  const areas = [...new Set(diagnosis.findings.map((finding) => finding.area))];
  return areas.map((area) => {
    const findings = diagnosis.findings.filter((finding) => finding.area === area);
    return {
      name: `${stage}.${area}`,
      attributes: { time: seconds(Math.max(...findings.map(({ durationMs }) => durationMs))) },
      cases: findings.map((finding) => ({
        classname: `cachao.${stage}.${area}`,
        name: `${finding.id}: ${finding.title}`,
        attributes: { time: seconds(finding.durationMs) },
        result: resultOf(finding, strict),
      })),
    };
  });
}

/** A failure is a problem; an error is what could not be checked; what is accepted does not count. */
function resultOf(finding: Finding, strict: boolean): JunitResult {
  const { id, outcome, summary, muted } = finding;
  if (muted) return { kind: 'skipped', message: `muted: ${muted.reason}; ${summary}` };
  if (outcome === 'skipped') return { kind: 'skipped', message: summary };
  const problem = { message: summary, type: id, text: inFull(finding) };
  if (outcome === 'fail' || (strict && outcome === 'warn')) return { kind: 'failure', ...problem };
  if (outcome === 'unknown') return { kind: 'error', ...problem };
  return { kind: 'passed', ...(outcome === 'warn' ? { note: `warning: ${inFull(finding)}` } : {}) };
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
