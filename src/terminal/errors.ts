import type { ReportError } from '../core/report.js';
import type { Canvas } from './canvas.js';

/** What happened, why, what to do next, and the code. */
export function renderError(error: ReportError, canvas: Canvas): string {
  const title = canvas.ink('red', `${canvas.symbols.fail} Error`);
  const lines = [canvas.wrap(error.message, `${title}  `, '   ')];
  if (error.why) lines.push('', canvas.wrap(error.why, '   '));
  if (error.next.length > 0) {
    lines.push('', `   ${canvas.ink('bold', 'What to do')}`);
    for (const step of error.next) lines.push(canvas.wrap(step, `   ${canvas.symbols.bullet} `, '     '));
  }
  lines.push('', canvas.ink('dim', `   Code: ${error.code} (more: cachao explain ${error.code})`));
  return lines.join('\n');
}
