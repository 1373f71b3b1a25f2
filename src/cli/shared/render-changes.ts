import { type Change, KNOWN_AFTER_APPLY } from '../../core/check.js';
import type { Finding } from '../../core/finding.js';
import { byHold, type NotRepaired } from '../../repair/held.js';
import type { Canvas, Ink } from '../../terminal/canvas.js';

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

/** Changes that were made, by what the look after them says: what holds now, and what does not, with what is next. */
export function renderRepaired(
  changes: readonly Change[],
  findings: readonly Finding[],
  canvas: Canvas,
  titles: { repaired: string; notRepaired: string },
): string[] {
  const { repaired, notRepaired } = byHold(changes, findings);
  return [
    ...(repaired.length > 0 ? [`${titles.repaired}\n${renderMade(repaired, canvas)}`] : []),
    ...(notRepaired.length > 0
      ? [[titles.notRepaired, ...notRepaired.map((one) => renderNotRepaired(one, canvas))].join('\n')]
      : []),
  ];
}

function renderNotRepaired({ change, finding }: NotRepaired, canvas: Canvas): string {
  const sign = canvas.ink('red', canvas.pad(canvas.symbols.fail, 2));
  const reason = finding ? `${finding.id}: ${finding.summary}` : `${change.check} was not checked again`;
  return [
    renderChange(change, canvas),
    canvas.wrap(reason, `    ${sign} `, '       '),
    ...(finding?.remedy
      ? [canvas.wrap(finding.remedy.text, `    ${canvas.symbols.arrow}  `, '       ')]
      : []),
    ...(finding?.remedy?.commands ?? []).map((command) => `         ${canvas.ink('cyan', command)}`),
  ].join('\n');
}

function renderChange(change: Change, canvas: Canvas): string {
  const sign = canvas.ink(INK[change.action], canvas.pad(signOf(change.action, canvas), 3));
  const name = change.name === KNOWN_AFTER_APPLY ? canvas.ink('dim', change.name) : change.name;
  const loud = change.action === 'replace' || change.action === 'delete';
  const word = loud ? ` ${canvas.ink('red', change.action === 'replace' ? 'REPLACED' : 'DELETED')}` : '';
  return [
    canvas.wrap(`${canvas.ink('bold', change.resource)} ${name}${word}`, `${sign} `, '    '),
    ...change.details.map((detail) => canvas.wrap(detail, '      ', '        ')),
    ...(change.url && canvas.scope.hasConsoles ? [`      ${canvas.ink('dim', change.url)}`] : []),
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
