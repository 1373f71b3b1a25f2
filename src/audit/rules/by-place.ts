import type { TemplateNode } from '../document/node.js';
import type { LambdaFunction } from '../model/functions.js';

/** What several functions share, as `Globals` or an anchor says it, is told once for all of them. */
export function byPlace(
  functions: readonly LambdaFunction[],
  nodesOf: (one: LambdaFunction) => readonly (TemplateNode | undefined)[],
): { node: TemplateNode; functions: LambdaFunction[] }[] {
  const found = new Map<number, { node: TemplateNode; functions: LambdaFunction[] }>();
  for (const one of functions)
    for (const node of nodesOf(one)) {
      if (!node) continue;
      const known = found.get(node.start);
      if (!known) found.set(node.start, { node, functions: [one] });
      else if (!known.functions.includes(one)) known.functions.push(one);
    }
  return [...found.values()];
}
