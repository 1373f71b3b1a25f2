import { type Change, KNOWN_AFTER_APPLY } from '../core/check.js';
import type { Canvas, Ink } from './canvas.js';

const INK: Record<Change['action'], Ink> = {
  create: 'green',
  update: 'yellow',
  replace: 'red',
  delete: 'red',
  run: 'cyan',
  wait: 'dim',
};

function signOf(action: Change['action'], canvas: Canvas): string {
  const signs: Record<Change['action'], string> = {
    create: '+',
    update: '~',
    replace: canvas.symbols.replace,
    delete: '-',
    run: '>',
    wait: canvas.symbols.ellipsis,
  };
  return signs[action];
}

/** A plan as a list that reads like a diff, with a summary line. Replacements and deletions say so in words. */
export function renderChanges(changes: readonly Change[], canvas: Canvas): string {
  if (changes.length === 0) return 'Nothing to change.';
  return [renderMade(changes, canvas), summary(changes)].join('\n\n');
}

/** The same of changes that were made: without what there is to do. */
export function renderMade(changes: readonly Change[], canvas: Canvas): string {
  return changes.map((change) => renderChange(change, canvas)).join('\n');
}

function renderChange(change: Change, canvas: Canvas): string {
  const sign = canvas.ink(INK[change.action], canvas.pad(signOf(change.action, canvas), 3));
  const name = change.name === KNOWN_AFTER_APPLY ? canvas.ink('dim', change.name) : change.name;
  const loud = change.action === 'replace' || change.action === 'delete';
  const word = loud ? ` ${canvas.ink('red', change.action === 'replace' ? 'REPLACED' : 'DELETED')}` : '';
  return [
    canvas.wrap(`${canvas.ink('bold', change.resource)} ${name}${word}`, `${sign} `, '    '),
    ...change.details.map((detail) => canvas.wrap(detail, '      ', '        ')),
    ...(change.url ? [`      ${canvas.ink('dim', change.url)}`] : []),
  ].join('\n');
}

function summary(changes: readonly Change[]): string {
  const count = (action: Change['action']): number =>
    changes.filter((change) => change.action === action).length;
  const parts: [number, string][] = [
    [count('create'), 'to create'],
    [count('update'), 'to update'],
    [count('replace'), 'to replace'],
    [count('delete'), 'to delete'],
    [count('run'), 'to run'],
    [count('wait'), 'to wait for'],
  ];
  return `${parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ')}.`;
}
