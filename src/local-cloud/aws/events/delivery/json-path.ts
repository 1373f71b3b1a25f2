/** Reads `$.detail.items[0].name`, with `['name']` and `[*]` too. Undefined where the path leads nowhere. */
export function valueAt(document: unknown, path: string): unknown {
  const steps = parsePath(path);
  return steps === undefined ? undefined : follow(document, steps);
}

export function isPath(path: string): boolean {
  return parsePath(path) !== undefined;
}

function parsePath(path: string): string[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: string[] = [];
  const step = /\.([A-Za-z0-9_-]+)|\[(\d+|\*)\]|\['([^']+)'\]|\["([^"]+)"\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (!found) return undefined;
    steps.push((found[1] ?? found[2] ?? found[3] ?? found[4]) as string);
  }
  return steps;
}

function follow(value: unknown, steps: string[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    if (step === '*') return value.map((item) => follow(item, rest));
    return follow(value[Number(step)], rest);
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return follow((value as Record<string, unknown>)[step], rest);
}
