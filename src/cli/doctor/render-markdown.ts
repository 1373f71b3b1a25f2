import type { Finding, Outcome } from '../../core/finding.js';
import type { Diagnosis } from '../../doctor/diagnose.js';
import type { DoctorReport, StageReport } from '../../doctor/report.js';
import { Canvas } from '../../terminal/canvas.js';
import { renderSummary } from '../../terminal/findings.js';
import type { PipelineHop } from '../../terminal/pipeline.js';
import { renderMade } from '../shared/render-changes.js';
import { paymentPath } from '../shared/render-path.js';

const SIGN: Record<Outcome, string> = { pass: '✅', warn: '⚠️', fail: '❌', skipped: '⚪', unknown: '❓' };
const WORD: Record<Outcome, string> = {
  pass: 'ok',
  warn: 'warning',
  fail: 'failed',
  skipped: 'skipped',
  unknown: 'could not check',
};
const WORST_FIRST: readonly Outcome[] = ['fail', 'unknown', 'warn'];
const PLAIN = new Canvas({ colour: false, unicode: true, width: 120 });

/** For the summary of a CI step, or a comment: what is wrong open, the rest folded. */
export function renderMarkdown(report: DoctorReport): string {
  return [
    ...report.stages.map(renderStage),
    ...(report.changes.length > 0
      ? [
          `### ${report.outcome === 'planned' ? 'Would be changed' : 'Changed'}`,
          fenced(renderMade(report.changes, PLAIN)),
        ]
      : []),
    ...(report.error ? [`**Stopped:** ${inline(report.error.message)}`] : []),
  ].join('\n\n');
}

function renderStage({ stage, diagnosis, error }: StageReport): string {
  if (!diagnosis)
    return [
      `## ${SIGN.unknown} cachao doctor: ${stage}`,
      inline(error.message),
      ...error.next.map(item),
    ].join('\n\n');
  const counted = diagnosis.findings.filter((finding) => !finding.muted);
  const wrong = WORST_FIRST.flatMap((outcome) => counted.filter((finding) => finding.outcome === outcome));
  const rest = diagnosis.findings.filter((finding) => !wrong.includes(finding));
  return [
    `## ${signOf(diagnosis)} cachao doctor: ${stage}, ${diagnosis.mode} mode, ${diagnosis.region}`,
    renderSummary(diagnosis.findings, PLAIN),
    renderPath(diagnosis.findings),
    ...wrong.map(renderFinding),
    renderRest(rest),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

const signOf = ({ outcome }: Diagnosis): string =>
  outcome === 'ok' ? SIGN.pass : outcome === 'unknown' ? SIGN.unknown : SIGN.fail;

/** Each path on one line: where it breaks is seen at once. */
function renderPath(findings: readonly Finding[]): string {
  const { hops, webhook = [] } = paymentPath(findings);
  const line = (path: readonly PipelineHop[]) => path.map(renderHop).join(' → ');
  return [hops, webhook]
    .filter((path) => path.length > 0)
    .map(line)
    .join('\n\n');
}

/** What hangs on it is named when it is not well. */
function renderHop({ label, outcome, beside = [] }: PipelineHop): string {
  const unwell = beside.filter((other) => other.outcome !== 'pass');
  const named = unwell.map((other) => `${SIGN[other.outcome]} ${other.label}`).join(', ');
  return `${SIGN[outcome]} ${label}${named === '' ? '' : ` (${named})`}`;
}

function renderFinding(finding: Finding): string {
  const { remedy } = finding;
  const facts: [string, string][] = [
    ...(finding.expected === null ? [] : [['expected', inline(finding.expected)] as [string, string]]),
    ...(finding.actual === null ? [] : [['actual', inline(finding.actual)] as [string, string]]),
    ...finding.evidence.map(({ label, value, url }): [string, string] => [
      label,
      url ? `[${inline(value)}](${url})` : inline(value),
    ]),
  ];
  return [
    `### ${SIGN[finding.outcome]} ${WORD[finding.outcome]}: ${inline(finding.summary)}`,
    `\`${finding.id}\`: ${inline(finding.title)}`,
    facts.map(([name, value]) => item(`${inline(name)}: ${value}`)).join('\n'),
    ...(remedy
      ? [`**What to do:** ${inline(remedy.text)}${remedy.url ? ` ([open](${remedy.url}))` : ''}`]
      : []),
    ...(remedy && remedy.commands.length > 0 ? [fenced(remedy.commands.join('\n'), 'sh')] : []),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function renderRest(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const rows = findings.map(
    (finding) =>
      `| ${SIGN[finding.outcome]} | \`${finding.id}\` | ${inline(finding.muted ? `muted (${finding.muted.reason}): ${finding.summary}` : finding.summary)} |`,
  );
  return [
    `<details><summary>${findings.length} more</summary>`,
    ['| | check | |', '|---|---|---|', ...rows].join('\n'),
    '</details>',
  ].join('\n\n');
}

const item = (text: string): string => `- ${text}`;

function fenced(text: string, language = ''): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** Text that comes from outside must not become markup, or another row. */
function inline(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_{}[\]<>|#~]/g, (character) => `\\${character}`);
}
