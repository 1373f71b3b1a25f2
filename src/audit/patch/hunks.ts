import type { Lines } from '../document/lines.js';
import { applySplices, type Splice } from './splice.js';

/** Whole lines that a patch takes away and puts in, at a line of the file as it stands. */
export interface Hunk {
  /** From 1: the first line taken away, or the one before which the new ones stand. */
  line: number;
  removed: string[];
  added: string[];
}

/** A patch in lines, for reading. */
export const hunksOf = (lines: Lines, splices: readonly Splice[]): Hunk[] => hunks(lines, splices, linesIn);

/** The same with the lines' ends, to the last of which one may be missing. */
export const wholeHunks = (lines: Lines, splices: readonly Splice[]): Hunk[] =>
  hunks(lines, splices, (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? []);

function hunks(lines: Lines, splices: readonly Splice[], split: (text: string) => string[]): Hunk[] {
  return grouped(lines, splices).map(({ start, end, members }) => {
    const before = lines.text.slice(start, end);
    const shifted = members.map((one) => ({ ...one, start: one.start - start, end: one.end - start }));
    return trimmed(lines.position(start).line, split(before), split(applySplices(before, shifted)));
  });
}

/** Splices whose lines touch belong together. */
function grouped(
  lines: Lines,
  splices: readonly Splice[],
): { start: number; end: number; members: Splice[] }[] {
  const groups: { start: number; end: number; members: Splice[] }[] = [];
  for (const splice of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const start = lines.start(splice.start);
    const whole = splice.start === splice.end && splice.start === start && splice.text.endsWith('\n');
    const end = whole ? start : lines.end(Math.max(splice.start, splice.end - 1));
    const last = groups.at(-1);
    if (last && start < Math.max(last.end, last.start + 1)) {
      last.end = Math.max(last.end, end);
      last.members.push(splice);
    } else groups.push({ start, end, members: [splice] });
  }
  return groups;
}

const linesIn = (text: string): string[] => {
  const all = text.split(/\r?\n/);
  if (all.at(-1) === '') all.pop();
  return all;
};

/** Without the lines that stay as they are. */
function trimmed(line: number, removed: string[], added: string[]): Hunk {
  let first = 0;
  while (first < removed.length && first < added.length && removed[first] === added[first]) first++;
  let last = 0;
  while (
    last < removed.length - first &&
    last < added.length - first &&
    removed[removed.length - 1 - last] === added[added.length - 1 - last]
  )
    last++;
  return {
    line: line + first,
    removed: removed.slice(first, removed.length - last),
    added: added.slice(first, added.length - last),
  };
}
