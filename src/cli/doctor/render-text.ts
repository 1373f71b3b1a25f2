import { EXIT } from '../../core/exit-code.js';
import { rootsFirst } from '../../core/roots-first.js';
import { type Diagnosis, isBlank } from '../../doctor/diagnose.js';
import type { DoctorReport, StageReport } from '../../doctor/report.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderError } from '../../terminal/errors.js';
import { renderFindings, renderSummary } from '../../terminal/findings.js';
import { renderPipeline } from '../../terminal/pipeline.js';
import { renderChanges, renderRepaired } from '../shared/render-changes.js';
import { renderCheckout } from '../shared/render-checkout.js';
import { paymentPath } from '../shared/render-path.js';

export interface DoctorTextOptions {
  verbose: boolean;
}

interface StageOptions extends DoctorTextOptions {
  operational: ReadonlySet<string>;
}

/** Next steps that are named; more than these are found one by one. */
const MOST_STEPS = 4;

/** Each stage's path drawn, so that one look says where it breaks; then its findings, the worst last, and what to do next. */
export function renderDoctor(report: DoctorReport, canvas: Canvas, options: DoctorTextOptions): string {
  const planned = report.outcome === 'planned';
  const operational = new Set(report.checks.filter((check) => check.operational).map(({ id }) => id));
  return [
    ...report.stages.map((stage) => renderStage(stage, canvas, { ...options, operational })),
    ...(report.stages.length > 1 ? [renderOverview(report.stages, canvas)] : []),
    ...(report.changes.length > 0 || planned ? [renderRepair(report, canvas)] : []),
    ...(report.outcome === 'declined' && report.changes.length === 0
      ? ['Declined: nothing was changed.']
      : []),
    ...(planned ? [] : nextSteps(report, operational, canvas)),
  ].join('\n\n');
}

function renderStage(report: StageReport, canvas: Canvas, options: StageOptions): string {
  if (!report.diagnosis)
    return [heading(`Stage ${report.stage}`, canvas), renderError(report.error, canvas)].join('\n\n');
  const { diagnosis, checkout } = report;
  return [
    heading(`Stage ${diagnosis.stage}, ${diagnosis.mode} mode, ${diagnosis.region}`, canvas),
    renderPipeline(paymentPath(diagnosis.findings), canvas),
    ...(checkout ? [renderCheckout(checkout, canvas)] : []),
    ...besides(diagnosis, canvas, options),
    renderFindings(diagnosis.findings, canvas, { ...options, repairedBy: 'doctor' }),
    ...(report.isAbsent
      ? [renderAbsent(diagnosis, canvas)]
      : isBlank(diagnosis)
        ? [`Nothing of stage ${diagnosis.stage} is set up here yet.`]
        : []),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** How each of several stages stands, in a line: only the last one's own verdict would be on the screen. */
function renderOverview(stages: readonly StageReport[], canvas: Canvas): string {
  const width = Math.max(...stages.map(({ stage }) => stage.length));
  const { symbols } = canvas;
  return stages
    .map(({ stage, diagnosis, exitCode }) => {
      const well = exitCode === 0;
      const sign = well ? symbols.pass : exitCode === EXIT.problem ? symbols.fail : symbols.unknown;
      const told = diagnosis ? renderSummary(diagnosis.findings, canvas) : 'could not be checked.';
      const inked = canvas.ink(well ? 'green' : 'red', canvas.pad(sign, 2));
      return canvas.wrap(told, `${inked} ${canvas.pad(stage, width)}  `, ' '.repeat(width + 5));
    })
    .join('\n');
}

function renderAbsent({ stage, region, exitCode }: Diagnosis, canvas: Canvas): string {
  const counts = exitCode === 0 ? ' It does not count as a problem.' : '';
  return [
    canvas.wrap(`Nothing of stage ${stage} is set up in ${region}.${counts}`),
    canvas.wrap(
      `If it was destroyed, take it out of cachao.config.json: delete "${stage}" below "stages". Or set it up:`,
    ),
    `  ${canvas.ink('cyan', `cachao setup --stage ${stage}`)}`,
  ].join('\n');
}

/** The commands that help with what is wrong, each once, those for the root of it first. */
function nextSteps({ stages }: DoctorReport, operational: ReadonlySet<string>, canvas: Canvas): string[] {
  const steps = new Map<string, string[]>();
  const found = stages.map(({ diagnosis }) => diagnosis?.findings ?? []);
  const warned = found.flat().filter(({ outcome, muted }) => outcome === 'warn' && !muted);
  // What fails on any stage comes before what is only a warning.
  for (const { id, remedy } of [...found.flatMap((one) => rootsFirst(one, operational)), ...warned]) {
    const [command] = remedy?.commands ?? [];
    if (command !== undefined) steps.set(command, [...(steps.get(command) ?? []), id]);
  }
  if (steps.size === 0) return [];
  const shown = [...steps].slice(0, MOST_STEPS).map(([command, ids]) => [command, purposeOf(ids)] as const);
  return [`Next:\n${canvas.commands(shown)}`];
}

function purposeOf([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? `for ${first}` : `for ${first} and ${more.length} more`;
}

const heading = (text: string, canvas: Canvas): string => canvas.ink('bold', text);

/** What was looked at without being asked for: it is no secret, and no result either. */
function besides({ alsoInspected }: Diagnosis, canvas: Canvas, { verbose }: DoctorTextOptions): string[] {
  if (alsoInspected.length === 0) return [];
  const count = alsoInspected.length === 1 ? '1 check' : `${alsoInspected.length} checks`;
  const ids = verbose ? `: ${alsoInspected.join(', ')}` : '';
  return [canvas.ink('dim', canvas.wrap(`Also ran ${count} that these depend on${ids}.`))];
}

function renderRepair({ outcome, changes, error, stages }: DoctorReport, canvas: Canvas): string {
  if (outcome === 'planned')
    return `${renderChanges(changes, canvas)}\n\nThis was a dry run: nothing was changed.`;
  const findings = stages.flatMap(({ diagnosis }) => diagnosis?.findings ?? []);
  return renderRepaired(changes, findings, canvas, {
    repaired: error ? 'Changed before it stopped:' : 'Fixed, and everything checked again:',
    notRepaired: 'Not repaired, though it was tried:',
  }).join('\n\n');
}
