import type { Operation } from '../../../kernel/service.js';
import { notFound, validation } from '../errors.js';
import type { EventsTables } from '../records.js';

interface TagInput {
  ResourceARN?: string;
  Tags?: { Key: string; Value: string }[];
  TagKeys?: string[];
}

const MOST_TAGS = 50;

/** Tags of rules and event buses. */
export function tagOperations(tables: EventsTables): Record<string, Operation> {
  const resource = (input: TagInput) => input.ResourceARN ?? '*';
  const read = (arn: string | undefined): Record<string, string> => {
    const tagged = tables.rules.get(arn ?? '') ?? tables.buses.get(arn ?? '');
    if (!tagged) throw notFound(`Resource ${String(arn)} does not exist.`);
    return tagged.tags;
  };
  const write = (arn: string, tags: Record<string, string>) => {
    if (Object.keys(tags).length > MOST_TAGS)
      throw validation(`A resource can have ${MOST_TAGS} tags at most.`);
    const rule = tables.rules.get(arn);
    const bus = tables.buses.get(arn);
    if (rule) tables.rules.set(arn, { ...rule, tags });
    if (bus) tables.buses.set(arn, { ...bus, tags });
  };
  return {
    TagResource: {
      resource,
      handle: (input: TagInput) => {
        const given = Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
        write(String(input.ResourceARN), { ...read(input.ResourceARN), ...given });
        return {};
      },
    },
    UntagResource: {
      resource,
      handle: (input: TagInput) => {
        const keys = input.TagKeys ?? [];
        const kept = Object.entries(read(input.ResourceARN)).filter(([key]) => !keys.includes(key));
        write(String(input.ResourceARN), Object.fromEntries(kept));
        return {};
      },
    },
    ListTagsForResource: {
      resource,
      handle: (input: TagInput) => ({
        Tags: Object.entries(read(input.ResourceARN)).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  };
}
