import type { AuditRule } from '../../audit/rule.js';
import type { Canvas } from '../../terminal/canvas.js';

/** Every rule: its id, then the healthy state. */
export function renderRules(rules: readonly AuditRule[], canvas: Canvas): string {
  const width = Math.max(...rules.map((rule) => rule.id.length));
  const lines = rules.map((rule) =>
    canvas.wrap(
      `${rule.title}${canvas.ink('dim', notes(rule))}`,
      `${canvas.ink('cyan', canvas.pad(rule.id, width))}  `,
      ' '.repeat(width + 2),
    ),
  );
  return [lines.join('\n'), `${rules.length} rules. More on one: cachao audit --explain ID`].join('\n\n');
}

function notes({ severity, item }: AuditRule): string {
  const parts = [severity === 'warn' ? 'warns' : '', item === undefined ? '' : `item ${item}`].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** One rule: what holds when all is well, and why that matters. */
export function renderRule(rule: AuditRule, canvas: Canvas): string {
  return [
    `${canvas.ink('bold', rule.id)}\n${canvas.wrap(`${rule.title}${notes(rule)}`, '  ')}`,
    canvas.wrap(rule.why, '  '),
    canvas.wrap(`Accept it where it is meant: # cachao-audit-ignore ${rule.id}: the reason`, '  '),
  ].join('\n\n');
}
