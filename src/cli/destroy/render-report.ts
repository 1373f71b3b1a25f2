import type { Change } from '../../core/check.js';
import type { DestroyResult } from '../../destroy/destroy.js';
import type { Kept } from '../../destroy/removal.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderChanges } from '../shared/render-changes.js';

/** What goes and what stays, before it is agreed to. */
export function renderDestruction(changes: readonly Change[], kept: readonly Kept[], canvas: Canvas): string {
  return [renderChanges(changes, canvas), ...renderKept(kept, canvas)].join('\n\n');
}

/** What stands on stdout at the end of `destroy`. */
export function renderDestroy(
  result: DestroyResult,
  canvas: Canvas,
  settings: { stage: string; file: string | null },
): string {
  const { outcome, changes, kept, remaining } = result;
  if (outcome === 'declined') return 'Declined: nothing was changed.';
  return [
    ...(outcome === 'planned' ? [renderChanges(changes, canvas)] : []),
    ...(remaining.length > 0
      ? [
          `${canvas.ink('red', 'Still there:')}\n${remaining.map((change) => `  ${nameOf(change)}`).join('\n')}`,
        ]
      : []),
    ...renderKept(kept, canvas),
    closing(result, canvas, settings),
  ].join('\n\n');
}

function renderKept(kept: readonly Kept[], canvas: Canvas): string[] {
  const foreign = kept.filter(({ reason }) => reason === 'foreign');
  const ours = kept.filter(({ reason }) => reason !== 'foreign');
  const list = (title: string, things: readonly Kept[]) =>
    things.length === 0
      ? []
      : [
          [
            canvas.ink('bold', title),
            ...things.map((thing) =>
              canvas.wrap(`${nameOf(thing)}: ${thing.why}`, `${canvas.symbols.bullet} `, '    '),
            ),
          ].join('\n'),
        ];
  return [...list('Kept:', ours), ...list('Not of this stage, and left as they are:', foreign)];
}

const nameOf = ({ resource, name }: { resource: string; name: string }): string => `${resource} ${name}`;

function closing(
  { outcome, changes, kept, error }: DestroyResult,
  canvas: Canvas,
  { stage, file }: { stage: string; file: string | null },
): string {
  const data = kept.filter(({ reason }) => reason === 'data');
  // With the stack went the function that could have dropped them.
  const dropped = outcome === 'changed' ? data.filter(({ resource }) => resource !== 'ledger tables') : data;
  const more = [
    dropped.length > 0
      ? `\nTo also delete what holds data:\n  ${canvas.command(`cachao destroy --stage ${stage} --delete-data`)}`
      : '',
    dropped.length < data.length
      ? `\n${canvas.wrap('The ledger tables stay in the database whatever is run now: only a function of the stack could have dropped them.')}`
      : '',
    file !== null && (outcome === 'changed' || outcome === 'unchanged')
      ? `\n${canvas.wrap(`${file} still has stage ${stage}: take it out there, or cachao doctor --all-stages goes on looking for it.`)}`
      : '',
  ].join('');
  if (outcome === 'planned') return `This was a dry run: nothing was changed.${more}`;
  if (outcome === 'unchanged') return `${canvas.ink('bold', `Stage ${stage} has nothing to delete.`)}${more}`;
  if (outcome === 'changed')
    return `${canvas.ink('bold', `Stage ${stage} is deleted: ${things(changes.length)} removed.`)}${more}`;
  const stopped = error ? 'It stopped before the end' : 'It is not complete';
  return `${stopped}: ${things(changes.length)} removed. Run it again: it goes on from here.`;
}

const things = (count: number): string => `${count} thing${count === 1 ? '' : 's'}`;
