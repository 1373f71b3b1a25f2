import type { TemplateNode } from '../document/node.js';
import type { LambdaFunction } from '../model/functions.js';

/** What several functions have of `Globals`, of one role or of an anchor is told once for all of them. */
export function byPlace<T extends { node: TemplateNode }>(
  functions: readonly LambdaFunction[],
  partsOf: (one: LambdaFunction) => readonly T[],
): { part: T; functions: LambdaFunction[] }[] {
  const found = new Map<number, { part: T; functions: LambdaFunction[] }>();
  for (const one of functions)
    for (const part of partsOf(one)) {
      const known = found.get(part.node.start);
      if (!known) found.set(part.node.start, { part, functions: [one] });
      else if (!known.functions.includes(one)) known.functions.push(one);
    }
  return [...found.values()];
}

export const named = (functions: readonly LambdaFunction[]): string =>
  functions.map((one) => one.id).join(' and ');
