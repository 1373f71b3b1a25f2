import type { Lines } from '../document/lines.js';
import { type Hunk, wholeHunks } from './hunks.js';
import type { Splice } from './splice.js';

/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/**
 * A unified diff, as `patch` and `git apply` take it. Empty when nothing is changed. Lines that are to be hidden are no
 * context: a hunk begins behind them and ends before them.
 */
export function unifiedDiff(
  file: string,
  lines: Lines,
  splices: readonly Splice[],
  hides: (line: number) => boolean,
): string {
  const hunks = wholeHunks(lines, splices);
  if (hunks.length === 0) return '';
  const before = lines.text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const name = file.replace(/^\.?\//, '');
  const out = [`--- a/${name}\n+++ b/${name}\n`];
  let shift = 0;
  for (const together of near(hunks, hides)) {
    const { text, added } = block(before, together, shift, hides);
    out.push(text);
    shift += added;
  }
  return out.join('');
}

/** Hunks whose surroundings touch are shown as one. */
function near(hunks: readonly Hunk[], hides: (line: number) => boolean): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1)?.at(-1);
    const end = last ? last.line + last.removed.length : 0;
    if (last && hunk.line - end <= 2 * CONTEXT && !anyBetween(end, hunk.line, hides))
      groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

function anyBetween(from: number, to: number, hides: (line: number) => boolean): boolean {
  for (let line = from; line < to; line++) if (hides(line)) return true;
  return false;
}

/** One `@@` block; `shift` is by how much lines have moved until here. */
function block(
  before: readonly string[],
  hunks: readonly Hunk[],
  shift: number,
  hides: (line: number) => boolean,
): { text: string; added: number } {
  const first = hunks[0]?.line ?? 1;
  const last = hunks.at(-1);
  let start = first;
  while (start > Math.max(1, first - CONTEXT) && !hides(start - 1)) start--;
  const behind = last ? last.line + last.removed.length - 1 : 0;
  let end = behind;
  while (end < Math.min(before.length, behind + CONTEXT) && !hides(end + 1)) end++;
  const body: string[] = [];
  let at = start;
  const keep = (upTo: number): void => {
    for (; at < upTo; at++) body.push(shown(' ', before[at - 1] ?? ''));
  };
  let added = 0;
  for (const { line, removed, added: put } of hunks) {
    keep(line);
    body.push(...removed.map((text) => shown('-', text)), ...put.map((text) => shown('+', text)));
    at += removed.length;
    added += put.length - removed.length;
  }
  keep(end + 1);
  const length = end - start + 1;
  const text = `@@ -${range(start, length)} +${range(start + shift, length + added)} @@\n${body.join('')}`;
  return { text, added };
}

const range = (from: number, length: number): string => `${length === 0 ? from - 1 : from},${length}`;

const shown = (sign: string, line: string): string =>
  line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
