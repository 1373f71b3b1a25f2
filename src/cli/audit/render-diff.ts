import type { AuditReport } from '../../audit/run.js';
import type { Canvas } from '../../terminal/canvas.js';

/** What would be, or was, changed, as `git apply` takes it. */
export function renderDiff({ templates }: AuditReport, canvas: Canvas): string {
  return templates
    .flatMap(({ diff }) => diff.split('\n'))
    .filter((line, index, all) => line !== '' || index < all.length - 1)
    .map((line) => inked(line, canvas))
    .join('\n');
}

function inked(line: string, canvas: Canvas): string {
  if (/^(---|\+\+\+) /.test(line)) return canvas.ink('bold', line);
  if (line.startsWith('@@')) return canvas.ink('cyan', line);
  if (line.startsWith('+')) return canvas.ink('green', line);
  return line.startsWith('-') ? canvas.ink('red', line) : line;
}
