import type { Properties, ResourceContext } from '../../../kernel/resource-type.js';

interface Tag {
  Key: string;
  Value: string;
}

/** The template's own tags over those of the stack, as a list. */
export function tagsOf(properties: Properties, context: ResourceContext): Tag[] {
  const own = (properties.Tags ?? []) as Tag[];
  const all = { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, String(Value)])) };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

/** Makes the live tags those that are wanted. */
export async function retag(arn: string, wanted: Tag[], context: ResourceContext): Promise<void> {
  const live = await liveTags(arn, context);
  const gone = live.filter(({ Key }) => !wanted.some((tag) => tag.Key === Key)).map(({ Key }) => Key);
  const changed = wanted.filter(
    (tag) => !live.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value),
  );
  if (gone.length > 0) await context.call('events', 'UntagResource', { ResourceARN: arn, TagKeys: gone });
  if (changed.length > 0) await context.call('events', 'TagResource', { ResourceARN: arn, Tags: changed });
}

/** The live tags without those that the stack itself puts on, unless the template states them too. */
export async function ownTags(arn: string, properties: Properties, context: ResourceContext): Promise<Tag[]> {
  const stated = new Set(((properties.Tags ?? []) as Tag[]).map(({ Key }) => Key));
  return (await liveTags(arn, context)).filter(({ Key }) => stated.has(Key) || !(Key in context.tags));
}

async function liveTags(arn: string, context: ResourceContext): Promise<Tag[]> {
  return ((await context.call('events', 'ListTagsForResource', { ResourceARN: arn })).Tags ?? []) as Tag[];
}
