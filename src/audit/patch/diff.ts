/** Lines around a change that are shown with it. */
const CONTEXT = 3;

type Step = { kind: 'same' | 'removed' | 'added'; text: string };

/** A unified diff, as `patch` and `git apply` take it. Empty when nothing differs. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const steps = stepsBetween(linesOf(before), linesOf(after));
  const name = file.replace(/^\.?\//, '');
  return `--- a/${name}\n+++ b/${name}\n${hunks(steps).join('')}`;
}

/** Every line with its line end, so that a missing one at the end of the file shows. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function hunks(steps: readonly Step[]): string[] {
  const shown = steps.map(() => false);
  steps.forEach((step, index) => {
    if (step.kind === 'same') return;
    for (let near = Math.max(0, index - CONTEXT); near <= Math.min(steps.length - 1, index + CONTEXT); near++)
      shown[near] = true;
  });
  const out: string[] = [];
  let [old, now] = [1, 1];
  for (let index = 0; index < steps.length; ) {
    if (!shown[index]) {
      old++;
      now++;
      index++;
      continue;
    }
    const start = index;
    while (index < steps.length && shown[index]) index++;
    const part = steps.slice(start, index);
    out.push(hunk(part, old, now));
    old += part.filter((step) => step.kind !== 'added').length;
    now += part.filter((step) => step.kind !== 'removed').length;
  }
  return out;
}

function hunk(steps: readonly Step[], old: number, now: number): string {
  const count = (kind: Step['kind']): number => steps.filter((step) => step.kind !== kind).length;
  const range = (from: number, length: number): string => `${length === 0 ? from - 1 : from},${length}`;
  const sign = { same: ' ', removed: '-', added: '+' } as const;
  const body = steps.map(({ kind, text }) =>
    text.endsWith('\n') ? `${sign[kind]}${text}` : `${sign[kind]}${text}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range(old, count('added'))} +${range(now, count('removed'))} @@\n${body.join('')}`;
}

/** The shortest way from one to the other (Myers), after what both begin and end with. */
function stepsBetween(before: readonly string[], after: readonly string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const same = (lines: readonly string[]): Step[] => lines.map((text) => ({ kind: 'same', text }));
  return [
    ...same(before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

function middle(before: readonly string[], after: readonly string[]): Step[] {
  const trace = searched(before, after);
  const steps: Step[] = [];
  let [x, y] = [before.length, after.length];
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const reach = trace[depth] as Map<number, number>;
    const diagonal = x - y;
    const down = goesDown(reach, diagonal, depth);
    const from = down ? diagonal + 1 : diagonal - 1;
    const fromX = depth === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = depth === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      steps.push({ kind: 'same', text: before[--x] ?? '' });
      y--;
    }
    if (depth === 0) break;
    if (down) steps.push({ kind: 'added', text: after[--y] ?? '' });
    else steps.push({ kind: 'removed', text: before[--x] ?? '' });
  }
  return steps.reverse();
}

/** How far each diagonal could be reached before each step. */
function searched(before: readonly string[], after: readonly string[]): Map<number, number>[] {
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let depth = 0; depth <= before.length + after.length; depth++) {
    trace.push(reach);
    const next = new Map(reach);
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      let x = goesDown(reach, diagonal, depth)
        ? (reach.get(diagonal + 1) ?? 0)
        : (reach.get(diagonal - 1) ?? 0) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
    reach = next;
  }
  return trace;
}

const goesDown = (reach: ReadonlyMap<number, number>, diagonal: number, depth: number): boolean =>
  diagonal === -depth ||
  (diagonal !== depth && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
