interface Tag {
  Key: string;
  Value: unknown;
}

/**
 * Tags as drift compares them: in the order of their keys, and without those that the resource has from its stack
 * rather than from its own declaration.
 */
export function comparableTags(tags: unknown, stated: unknown, fromStack: Record<string, string>): unknown {
  if (!isTagList(tags)) return tags;
  const own = new Set((isTagList(stated) ? stated : []).map(({ Key }) => Key));
  return tags
    .filter(({ Key }) => own.has(Key) || !(Object.hasOwn(fromStack, Key) || Key.startsWith('aws:')))
    .sort((one, other) => (one.Key < other.Key ? -1 : 1));
}

function isTagList(value: unknown): value is Tag[] {
  return Array.isArray(value) && value.every((item) => typeof (item as Tag | null)?.Key === 'string');
}
