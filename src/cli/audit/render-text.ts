import type { PathPart } from '../../audit/audit.js';
import type { AuditFinding } from '../../audit/finding.js';
import type { Hunk } from '../../audit/patch/hunks.js';
import type { AuditReport, TemplateReport } from '../../audit/run.js';
import { type Canvas, columns } from '../../terminal/canvas.js';
import { renderSummary } from '../../terminal/findings.js';

export interface AuditTextOptions {
  verbose: boolean;
  /** Whether what can be mended has been. */
  write: boolean;
}

/** Lines of a patch that are shown, unless everything is. */
const SHORT_PATCH = 6;

/** Each template with what was recognised in it and what is wrong, the worst first; then one line that sums up. */
export function renderAudit(report: AuditReport, canvas: Canvas, options: AuditTextOptions): string {
  return [
    ...report.templates.map((template) => renderTemplate(template, canvas, options)),
    ...(report.templates.length > 0 ? [renderEnd(report, canvas, options)] : []),
  ].join('\n\n');
}

function renderTemplate(
  template: TemplateReport,
  canvas: Canvas,
  { verbose, write }: AuditTextOptions,
): string {
  const { findings } = template;
  const shown = [
    ...findings.filter((finding) => !finding.muted && finding.outcome === 'fail'),
    ...findings.filter((finding) => !finding.muted && finding.outcome === 'warn'),
  ];
  const muted = findings.filter((finding) => finding.muted);
  return [
    heading(template, canvas),
    ...(write && template.written
      ? [
          canvas.wrap(
            `${canvas.ink('green', canvas.symbols.pass)} Written. What remains is for a person to decide.`,
          ),
        ]
      : []),
    ...shown.map((finding) => renderFinding(finding, canvas, verbose)),
    ...(muted.length > 0 ? [renderMuted(muted, canvas, verbose)] : []),
  ].join('\n\n');
}

function heading({ file, sam, resources, path, nested, notes }: TemplateReport, canvas: Canvas): string {
  const kind = `${sam ? 'SAM' : 'CloudFormation'}, ${resources} ${resources === 1 ? 'resource' : 'resources'}`;
  const known = path.recognised.length > 0 ? 'Stripe path:' : 'No part of a Stripe path.';
  const inside = nested.length > 0 ? [`Nested stacks, not followed: ${nested.join(', ')}.`] : [];
  return [
    `${canvas.ink('bold', file === '-' ? '(standard input)' : file)} ${canvas.ink('dim', `(${kind})`)}`,
    canvas.wrap(known, '  '),
    ...path.recognised.map((part) => canvas.wrap(renderPart(part), '    ', '      ')),
    ...[...inside, ...notes].map((note) => canvas.wrap(note, '  ')),
  ].join('\n');
}

/** What a part of the template was taken for, and what speaks for it. */
function renderPart({ kind, name, certainty, because }: PathPart): string {
  const role = ROLES[kind];
  const why = because.join('; ');
  return certainty === 'sure'
    ? `${name} is taken for ${role} because of ${why}.`
    : `${name} is perhaps ${role}, because of ${why}; what it lacks only warns. Sure? ${kind === 'webhook' ? '--webhook' : '--handler'} ${name}`;
}

const ROLES: Record<PathPart['kind'], string> = {
  rule: "the rule on Stripe's events",
  webhook: "Stripe's webhook",
  handler: "the handler of Stripe's events",
};

function renderFinding(finding: AuditFinding, canvas: Canvas, verbose: boolean): string {
  const failed = finding.outcome === 'fail';
  const sign = canvas.ink(failed ? 'red' : 'yellow', canvas.pad(canvas.symbols[failed ? 'fail' : 'warn'], 2));
  const item = finding.item === null ? '' : `, item ${finding.item}`;
  const title = `${canvas.ink('bold', finding.summary)} (${failed ? 'FAILED' : 'warning'}) ${canvas.ink('dim', finding.id + item)}`;
  const { file, line, column, excerpt } = finding.location;
  const place = `${file}:${line}:${column}`;
  return [
    canvas.wrap(title, `${sign} `, '   '),
    `    ${canvas.ink('cyan', place)}  ${canvas.ink('dim', canvas.cut(excerpt, Math.max(20, canvas.width - columns(place) - 6)))}`,
    canvas.wrap(finding.why, '    '),
    ...finding.evidence.map(({ label, value }) => canvas.wrap(`${label}: ${value}`, '    ')),
    ...(finding.remedy ? [canvas.wrap(finding.remedy.text, `    ${canvas.symbols.arrow} `, '      ')] : []),
    ...(finding.patch ? [renderPatch(finding.patch.hunks, canvas, verbose)] : []),
  ].join('\n');
}

/** The lines that change, with their numbers; a long patch only in part. */
function renderPatch(hunks: readonly Hunk[], canvas: Canvas, verbose: boolean): string {
  const lines = hunks.flatMap(({ line, removed, added }) => [
    ...removed.map((text, index) => canvas.ink('red', `    ${number(line + index)} - ${text}`)),
    ...added.map((text, index) =>
      canvas.ink('green', `    ${index === 0 ? number(line) : '     '} + ${text}`),
    ),
  ]);
  const left = lines.length - SHORT_PATCH;
  // One line more is shorter than the line that would say so.
  if (verbose || left <= 1) return lines.join('\n');
  const rest = `          ${canvas.symbols.ellipsis} ${left} more lines; --diff shows them all`;
  return [...lines.slice(0, SHORT_PATCH), canvas.ink('dim', rest)].join('\n');
}

const number = (line: number): string => String(line).padStart(5);

function renderMuted(muted: readonly AuditFinding[], canvas: Canvas, verbose: boolean): string {
  if (!verbose)
    return canvas.ink(
      'dim',
      `${canvas.pad(canvas.symbols.skipped, 2)} ${muted.length} muted (--verbose shows them)`,
    );
  return muted
    .map(({ id, location, summary, muted: mute }) =>
      canvas.wrap(
        `${location.file}:${location.line} ${summary} ${id} [muted: ${mute?.reason}]`,
        `${canvas.pad(canvas.symbols.skipped, 2)} `,
        '   ',
      ),
    )
    .join('\n');
}

function renderEnd(
  { templates, findings, baseline }: AuditReport,
  canvas: Canvas,
  { write }: AuditTextOptions,
): string {
  const summary =
    findings.length === 0
      ? canvas.ink('green', `${canvas.symbols.pass} Nothing is wrong.`)
      : renderSummary(findings, canvas);
  const writable = templates.filter((one) => one.diff !== '' || !write);
  const mendable = writable
    .flatMap((one) => one.findings)
    .filter((finding) => finding.patch && !finding.muted).length;
  const files = templates.map((one) => one.file).join(' ');
  const hint =
    mendable > 0 && !write && !baseline
      ? [
          canvas.wrap(
            `${mendable} can be mended safely. See how: cachao audit ${files} --diff. Do it: cachao audit ${files} --write`,
          ),
        ]
      : [];
  const kept = baseline
    ? [`${baseline.file} accepts ${baseline.findings} findings: from now on only new ones count.`]
    : [];
  return [summary, ...hint, ...kept].join('\n');
}
