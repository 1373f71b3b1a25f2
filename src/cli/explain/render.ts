import type { Canvas } from '../../terminal/canvas.js';
import { renderRule } from '../audit/render-rules.js';
import { renderCheck } from '../doctor/render-checks.js';
import type { Explained } from './subject.js';

/** Everything that is known of a name, one part below the other. */
export function renderExplained({ code, check, rule }: Explained, canvas: Canvas): string {
  const parts = [
    ...(code ? [renderEntry(code, canvas)] : []),
    ...(check ? [renderCheck(check, canvas)] : []),
    ...(rule ? [rule.id === check?.id ? auditToo(rule.id, canvas) : renderRule(rule, canvas)] : []),
  ];
  return parts.join('\n\n');
}

function renderEntry(
  { code, what, why, next, example }: NonNullable<Explained['code']>,
  canvas: Canvas,
): string {
  const part = (title: string, text: string) =>
    `  ${canvas.ink('bold', title)}\n${canvas.wrap(text, '    ')}`;
  return [
    `${canvas.ink('bold', code)}\n${canvas.wrap(what, '  ')}`,
    part('Why', why),
    part('What to do', next),
    part('Example', example),
  ].join('\n\n');
}

/** The requirement was told with the check: only what is the audit's own is added. */
const auditToo = (id: string, canvas: Canvas): string =>
  canvas.wrap(
    `cachao audit looks for the same in a template. Accept it where it is meant: # cachao-audit-ignore ${id}: the reason`,
    '  ',
  );
