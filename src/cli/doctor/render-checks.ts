import type { CheckDescription } from '../../doctor/describe.js';
import type { Canvas } from '../../terminal/canvas.js';

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
  return [
    lines.join('\n'),
    `${checks.length === 1 ? '1 check' : `${checks.length} checks`}. More on one: cachao doctor --explain ID`,
  ].join('\n\n');
}

const OUTCOMES = { fail: ['', 'or only warns'], warn: ['warns', 'warns or fails'] } as const;

function notes({ severity, otherwise, fixable, deep, item }: CheckDescription): string {
  const parts = [
    OUTCOMES[severity][otherwise === null ? 0 : 1],
    fixable ? '--fix' : '',
    deep ? '--deep' : '',
    item === null ? '' : `item ${item}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

const FAILS = 'fails (exit 1)';
const WARNS = 'warns (exit 0, with --strict 1)';
/** What a check comes to, and then what it comes to otherwise. */
const WHEN_NOT = { fail: [FAILS, WARNS], warn: [WARNS, FAILS] } as const;

function whenNot({ severity, otherwise }: CheckDescription): string {
  const [usual, other] = WHEN_NOT[severity];
  return otherwise === null ? usual : `${usual}; ${other} when ${otherwise}`;
}

function repairedBy({ fixable, fixLeaves }: CheckDescription): string {
  if (!fixable) return 'not by --fix';
  const repaired = 'by cachao doctor --fix';
  return fixLeaves === null ? repaired : `${repaired}, but not ${fixLeaves}`;
}

/** One check: what holds when it is healthy, why that matters, what it takes to look and to repair. */
export function renderCheck(check: CheckDescription, canvas: Canvas): string {
  const facts: [string, string][] = [
    ['when not', whenNot(check)],
    ['unseen', check.severity === 'fail' ? 'exit 3' : 'exit 0'],
    ['repaired', repairedBy(check)],
    ['needs', check.needs.join(', ') || 'nothing'],
    ['looks with', check.permissions.look.join(', ') || 'no permission'],
    ...(check.permissions.fix.length > 0
      ? [['repairs with', check.permissions.fix.join(', ')] as [string, string]]
      : []),
    ...(check.deep ? [['runs', 'only with --deep or by its id'] as [string, string]] : []),
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
