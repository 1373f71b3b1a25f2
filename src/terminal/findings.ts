import type { Area, Finding, Outcome } from '../core/finding.js';
import { rootsFirst } from '../core/roots-first.js';
import type { Canvas, Ink } from './canvas.js';

export const OUTCOME_INK: Record<Outcome, Ink> = {
  pass: 'green',
  warn: 'yellow',
  fail: 'red',
  skipped: 'dim',
  unknown: 'yellow',
};
/** The word beside the sign, so that nothing rests on sign or colour. */
export const OUTCOME_WORD: Record<Outcome, string> = {
  pass: 'ok',
  warn: 'warning',
  fail: 'FAILED',
  skipped: 'skipped',
  unknown: 'could not check',
};
const AREAS: Record<Area, string> = {
  account: 'Account',
  stripe: 'Stripe',
  eventbridge: 'EventBridge',
  function: 'Functions',
  queue: 'Queues',
  alarm: 'Alarms',
  log: 'Logs',
  api: 'Webhook',
  secret: 'Secrets',
  database: 'Database',
  stack: 'Stack',
  delivery: 'Delivery',
};
const WRONG: readonly Outcome[] = ['fail', 'unknown', 'warn'];

export interface FindingsOptions {
  /** Shows healthy and skipped checks one by one too. */
  verbose?: boolean;
  /** Ids of checks that say how it has been going: what fails there is mostly a symptom. */
  operational?: ReadonlySet<string>;
  /** Which command repairs what a machine can repair: said with each finding. */
  repairedBy?: 'setup' | 'doctor' | 'this run';
}

/**
 * Findings as text, for a screen whose end is what is seen: the healthy ones in a line, what is accepted, warnings,
 * what could not be looked at, then what failed, the root of it first, and a summary line.
 */
export function renderFindings(
  findings: readonly Finding[],
  canvas: Canvas,
  options: FindingsOptions = {},
): string {
  const counted = findings.filter((finding) => !finding.muted);
  const those = (outcome: Outcome) => counted.filter((finding) => finding.outcome === outcome);
  const accepted = findings.filter((finding) => finding.muted);
  const quiet = [...those('pass'), ...those('skipped')];
  const wrong = [
    ...those('warn'),
    ...those('unknown'),
    ...rootsFirst(findings, options.operational ?? new Set()),
  ];
  return [
    options.verbose
      ? quiet.map((finding) => headline(finding, canvas)).join('\n')
      : renderFolded(quiet, canvas),
    accepted
      .map((finding) => `${headline(finding, canvas)}\n${canvas.wrap(finding.summary, '    ')}`)
      .join('\n'),
    ...alike(wrong).map((group) => renderGroup(group, canvas, options)),
    renderSummary(findings, canvas),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** Each with its state, and no more. */
export function renderBriefly(findings: readonly Finding[], canvas: Canvas): string {
  return findings.map((finding) => headline(finding, canvas)).join('\n');
}

/** What could not be looked at for one and the same reason is told once. */
function alike(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = finding.outcome === 'unknown' ? `unknown: ${finding.summary}` : finding.id;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function renderGroup(group: readonly Finding[], canvas: Canvas, options: FindingsOptions): string {
  const [first] = group;
  if (!first) return '';
  if (group.length === 1) return renderFinding(first, canvas, options);
  const ids = group.map((finding) => finding.id).join(', ');
  const title = `${group.length} checks that could not run, for the same reason: ${ids}`;
  return renderFinding({ ...first, title, id: '' }, canvas, options);
}

/** One finding in full: what is wrong, what must hold, expected and actual, evidence, remedy. */
export function renderFinding(finding: Finding, canvas: Canvas, options: FindingsOptions = {}): string {
  const facts: [string, string][] = isWrong(finding) ? [['must hold', finding.title]] : [];
  if (finding.expected !== null) facts.push(['expected', finding.expected]);
  if (finding.actual !== null) facts.push(['actual', finding.actual]);
  for (const { label, value, url } of finding.evidence) facts.push([label, url ? `${value}\n${url}` : value]);
  const label = Math.min(20, Math.max(0, ...facts.map(([name]) => name.length)));
  return [
    headline(finding, canvas),
    ...(isWrong(finding) ? [] : [canvas.wrap(finding.summary, '    ')]),
    ...facts.map(([name, value]) => renderFact(name, value, label, canvas)),
    ...renderRemedy(finding, canvas, options),
  ].join('\n');
}

const isWrong = ({ outcome, muted }: Finding): boolean => WRONG.includes(outcome) && !muted;

/** What is wrong, by what was found; anything else by the healthy state. */
function headline(finding: Finding, canvas: Canvas): string {
  const { outcome, muted, title, summary, id } = finding;
  const sign = `${canvas.ink(OUTCOME_INK[outcome], canvas.pad(canvas.symbols[outcome], 2))} `;
  const named = canvas.ink('dim', id);
  const word = OUTCOME_WORD[outcome];
  if (isWrong(finding))
    return canvas.wrap(
      `${id === '' ? word : `${word} ${named}`}: ${canvas.ink('bold', summary)}`,
      sign,
      '   ',
    );
  const state = outcome === 'pass' ? '' : outcome === 'skipped' ? ` (${word}: ${summary})` : ` (${word})`;
  const note = muted ? ` [muted${muted.until ? ` until ${muted.until}` : ''}: ${muted.reason}]` : '';
  return canvas.wrap(`${title}${state} ${named}${note}`, sign, '   ');
}

function renderFact(name: string, value: string, width: number, canvas: Canvas): string {
  const indent = ' '.repeat(4 + width + 2);
  return canvas.wrap(value, `    ${canvas.ink('dim', canvas.pad(name, width))}  `, indent);
}

function renderRemedy(
  { remedy, outcome }: Finding,
  canvas: Canvas,
  { repairedBy = 'setup' }: FindingsOptions,
): string[] {
  if (!remedy) return [];
  const wrong = outcome === 'fail' || outcome === 'warn';
  const note =
    repairedBy === 'doctor'
      ? wrong && !remedy.fixable && '--fix does not repair this.'
      : repairedBy === 'setup' && remedy.fixable && canvas.scope.prose('cachao setup does this.');
  return [
    canvas.wrap(remedy.text, `    ${canvas.symbols.arrow} `, '      '),
    // A command stays on one line, so that it can be copied.
    ...remedy.commands.map((command) => `        ${canvas.ink('cyan', command)}`),
    ...(remedy.url ? [`        ${remedy.url}`] : []),
    ...(note ? [`      ${canvas.ink('dim', note)}`] : []),
  ];
}

/** In one line: what is healthy, and what was skipped beside it, by area. */
function renderFolded(findings: readonly Finding[], canvas: Canvas): string {
  const counted = (outcome: Outcome) => findings.filter((finding) => finding.outcome === outcome);
  const line = (outcome: 'pass' | 'skipped', title: string) => {
    const areas = (Object.keys(AREAS) as Area[]).map(
      (area) => [AREAS[area], counted(outcome).filter((finding) => finding.area === area).length] as const,
    );
    const counts = areas.filter(([, count]) => count > 0).map(([area, count]) => `${area} ${count}`);
    const sign = canvas.ink(OUTCOME_INK[outcome], canvas.pad(canvas.symbols[outcome], 2));
    return counts.length === 0 ? [] : [canvas.wrap(`${title}: ${counts.join(', ')}`, `${sign} `, '   ')];
  };
  return [...line('pass', 'Healthy'), ...line('skipped', 'Skipped')].join('\n');
}

/** "2 failed, 1 warning, 1 could not be checked, 57 healthy, 3 skipped." */
export function renderSummary(findings: readonly Finding[], canvas: Canvas): string {
  const counted = findings.filter((finding) => !finding.muted);
  const count = (outcome: Outcome): number => counted.filter((finding) => finding.outcome === outcome).length;
  const warnings = count('warn');
  const parts: [number, string, Ink][] = [
    [count('fail'), 'failed', 'red'],
    [warnings, warnings === 1 ? 'warning' : 'warnings', 'yellow'],
    [count('unknown'), 'could not be checked', 'yellow'],
    [count('pass'), 'healthy', 'green'],
    [count('skipped'), 'skipped', 'dim'],
    [findings.length - counted.length, 'muted', 'dim'],
  ];
  const shown = parts.filter(([number]) => number > 0);
  if (shown.length === 0) return 'Nothing was checked.';
  return `${shown.map(([number, word, ink]) => canvas.ink(ink, `${number} ${word}`)).join(', ')}.`;
}
