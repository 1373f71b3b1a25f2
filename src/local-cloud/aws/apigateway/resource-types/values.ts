import type { Properties, ResourceContext } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';

export function stated(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Template values may be text where the API takes something else: parameters always are. */
export function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

export function boolean(value: unknown): boolean | undefined {
  return value === undefined ? undefined : value === true || value === 'true';
}

export function tagMap(tags: unknown, context: ResourceContext): Record<string, string> {
  const own = (tags ?? []) as { Key: string; Value: unknown }[];
  return { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, String(Value)])) };
}

export function tagList(tags: Record<string, string> | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {})
    .filter(([Key]) => !Key.startsWith('aws:'))
    .map(([Key, Value]) => ({ Key, Value }));
}

/** Makes the tags of a resource those wanted. */
export async function retag(
  resourceArn: string,
  wanted: Record<string, string>,
  context: ResourceContext,
): Promise<void> {
  const current = (await context.call('apigateway', 'GetTags', { resourceArn })).tags as Record<
    string,
    string
  >;
  const gone = Object.keys(current).filter((key) => !(key in wanted));
  if (gone.length > 0) await context.call('apigateway', 'UntagResource', { resourceArn, tagKeys: gone });
  if (Object.entries(wanted).some(([key, value]) => current[key] !== value))
    await context.call('apigateway', 'TagResource', { resourceArn, tags: wanted });
}

/** For deletes and reads: gone is no error. */
export function ignoreMissing(error: unknown): undefined {
  if (error instanceof AwsError && error.code === 'NotFoundException') return undefined;
  throw error;
}

/** Picks the live values of the properties that a template states. */
export function livePart(properties: Properties, live: Properties): Properties {
  return Object.fromEntries(Object.keys(properties).map((name) => [name, live[name]]));
}

/** `responseParameters` for `ResponseParameters`: the API spells members of a method in lower case first. */
export function lowerFirst(value: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries((value ?? {}) as Properties).map(([name, item]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      item,
    ]),
  );
}
