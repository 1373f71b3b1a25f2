import type { CheckDescription } from '../../doctor/describe.js';
import type { Canvas } from '../canvas.js';

/** Every check, one line or two each: id, then the healthy state and what is special about it. */
export function renderChecks(checks: readonly CheckDescription[], canvas: Canvas): string {
  const width = Math.max(...checks.map((check) => check.id.length));
  const lines = checks.map((check) =>
    canvas.wrap(
      `${check.title}${canvas.ink('dim', notes(check))}`,
      `${canvas.ink('cyan', canvas.pad(check.id, width))}  `,
      ' '.repeat(width + 2),
    ),
  );
  return [lines.join('\n'), `${checks.length} checks. More on one: cachao doctor --explain ID`].join('\n\n');
}

function notes({ severity, fixable, deep, item }: CheckDescription): string {
  const parts = [
    severity === 'warn' ? 'warns' : '',
    fixable ? '--fix' : '',
    deep ? '--deep' : '',
    item === null ? '' : `item ${item}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Severity is what a check comes to; a finding says which of them it is. */
const WHEN_NOT = {
  fail: 'fails (exit 1); where the finding is only a warning: exit 0, with --strict 1',
  warn: 'warns (exit 0, with --strict 1); where the finding is a failure: exit 1',
};

/** One check: what holds when it is healthy, why that matters, what it takes to look and to repair. */
export function renderCheck(check: CheckDescription, canvas: Canvas): string {
  const facts: [string, string][] = [
    ['when not', WHEN_NOT[check.severity]],
    ['unseen', check.severity === 'fail' ? 'exit 3' : 'exit 0'],
    [
      'repaired',
      check.fixable
        ? 'by cachao doctor --fix, but for what the finding says that it does not repair'
        : 'not by --fix',
    ],
    ['needs', check.needs.join(', ') || 'nothing'],
    ['looks with', check.permissions.look.join(', ') || 'no permission'],
    ...(check.permissions.fix.length > 0
      ? [['repairs with', check.permissions.fix.join(', ')] as [string, string]]
      : []),
    ...(check.deep ? [['looked at', 'only with --deep or by its id'] as [string, string]] : []),
    ...(check.item === null ? [] : [['checklist', `item ${check.item}`] as [string, string]]),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    `${canvas.ink('bold', check.id)}\n${canvas.wrap(check.title, '  ')}`,
    canvas.wrap(check.why, '  '),
    facts
      .map(([name, value]) =>
        canvas.wrap(value, `  ${canvas.ink('dim', canvas.pad(name, width))}  `, ' '.repeat(width + 4)),
      )
      .join('\n'),
  ].join('\n\n');
}
