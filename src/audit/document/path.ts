import { isMap, type MapNode, type TemplateNode } from './node.js';

/** The keys that lead to an offset: `Resources/Handler/Properties/Events`. It stays when lines above change. */
export function pathTo(root: MapNode, offset: number): string {
  const parts: string[] = [];
  for (let here: TemplateNode | undefined = root; here; ) {
    const next = stepTowards(here, offset);
    if (next?.name !== undefined) parts.push(next.name);
    here = next?.value;
  }
  return parts.join('/');
}

function stepTowards(node: TemplateNode, offset: number): { name?: string; value: TemplateNode } | undefined {
  if (isMap(node)) {
    for (const entry of node.entries.values())
      if (!entry.merged && entry.at.start <= offset && offset <= Math.max(entry.at.end, entry.value.end - 1))
        return { name: entry.key, value: entry.value };
    return undefined;
  }
  if (node.kind === 'call') return { value: node.argument };
  if (node.kind !== 'list') return undefined;
  const index = node.items.findIndex(
    (item) => item.start <= offset && offset < Math.max(item.end, item.start + 1),
  );
  const item = node.items[index];
  return item && { name: String(index), value: item };
}
