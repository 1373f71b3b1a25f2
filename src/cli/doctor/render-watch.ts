import type { Finding } from '../../core/finding.js';
import type { Diagnosis } from '../../doctor/diagnose.js';
import type { ChangedFinding } from '../../doctor/watch.js';
import { type Canvas, columns } from '../../terminal/canvas.js';
import { OUTCOME_INK, OUTCOME_WORD, renderFinding, renderSummary } from '../../terminal/findings.js';
import { renderPipeline } from '../../terminal/pipeline.js';
import { paymentPath } from '../shared/render-path.js';

/** The whole, as it stands now, with what changed lately before it; no more rows than the screen has. */
export function renderScreen(
  diagnosis: Diagnosis,
  seen: { title: string; changes: readonly string[]; rows: number },
  canvas: Canvas,
): string {
  const wrong = diagnosis.findings.filter(isWrong);
  const text = [
    canvas.ink('bold', canvas.cut(seen.title, canvas.width)),
    ...(seen.changes.length > 0 ? [seen.changes.join('\n')] : []),
    renderPipeline(paymentPath(diagnosis.findings), canvas, { compact: true }),
    renderSummary(diagnosis.findings, canvas),
    ...wrong.map((finding) => renderFinding(finding, canvas, { repairedBy: 'doctor' })),
  ].join('\n\n');
  return fitting(text.split('\n'), seen.rows - 1, canvas);
}

/** As many lines as fit; long ones, as links are, take several rows. */
function fitting(lines: readonly string[], rows: number, canvas: Canvas): string {
  const taken = (line: string): number => Math.max(1, Math.ceil(columns(line) / canvas.width));
  const all = lines.reduce((sum, line) => sum + taken(line), 0);
  if (all <= rows) return lines.join('\n');
  const shown: string[] = [];
  let left = rows - 1;
  for (const line of lines) {
    left -= taken(line);
    if (left < 0) break;
    shown.push(line);
  }
  const more = `${canvas.symbols.ellipsis} ${lines.length - shown.length} more lines: make the window taller, or run cachao doctor`;
  return [...shown, canvas.ink('dim', canvas.cut(more, canvas.width))].join('\n');
}

/** What is wrong at the first look, a line each, with the time: for logs. */
export function renderFirst(diagnosis: Diagnosis, now: Date, canvas: Canvas): string {
  const wrong = diagnosis.findings.filter(isWrong);
  return [
    ...wrong.map((finding) => `${timeOf(now)} ${standing(finding, canvas)}`),
    `${timeOf(now)} stage ${diagnosis.stage}: ${renderSummary(diagnosis.findings, canvas)}`,
  ].join('\n');
}

/** "09:41:07Z queue.empty: ok -> FAILED: 3 messages wait": a line for each finding that stands otherwise. */
export function renderChanged(changed: readonly ChangedFinding[], now: Date, canvas: Canvas): string[] {
  return changed.map(({ before, after }) => {
    const was = before && before.outcome !== after.outcome ? `${OUTCOME_WORD[before.outcome]} -> ` : '';
    return `${timeOf(now)} ${standing(after, canvas, was)}`;
  });
}

function standing(finding: Finding, canvas: Canvas, was = ''): string {
  const word = canvas.ink(OUTCOME_INK[finding.outcome], OUTCOME_WORD[finding.outcome]);
  const note = finding.muted ? ' (muted)' : '';
  return `${finding.id}: ${was}${word}${note}: ${finding.summary}`;
}

const isWrong = (finding: Finding): boolean => finding.outcome !== 'pass' && finding.outcome !== 'skipped';

const timeOf = (now: Date): string => `${now.toISOString().slice(0, 19)}Z`;
