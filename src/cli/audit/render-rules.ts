import type { AuditRule } from '../../audit/rule.js';
import type { Severity } from '../../core/finding.js';
import type { Canvas } from '../../terminal/canvas.js';

/** A rule, for those who want to know what it is about before, or without, auditing. */
export interface RuleDescription {
  id: string;
  title: string;
  area: string;
  severity: Severity;
  item: number | null;
  why: string;
}

export function describeRule({ id, title, area, severity, item, why }: AuditRule): RuleDescription {
  return { id, title, area, severity, item: item ?? null, why };
}

/** Every rule: its id, then the healthy state. */
export function renderRules(rules: readonly RuleDescription[], canvas: Canvas): string {
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

function notes({ severity, item }: RuleDescription): string {
  const parts = [severity === 'warn' ? 'warns' : '', item === null ? '' : `item ${item}`].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** One rule: what holds when all is well, and why that matters. */
export function renderRule(rule: RuleDescription, canvas: Canvas): string {
  return [
    `${canvas.ink('bold', rule.id)}\n${canvas.wrap(`${rule.title}${notes(rule)}`, '  ')}`,
    canvas.wrap(rule.why, '  '),
    canvas.wrap(`Accept it where it is meant: # cachao-audit-ignore ${rule.id}: the reason`, '  '),
  ].join('\n\n');
}
