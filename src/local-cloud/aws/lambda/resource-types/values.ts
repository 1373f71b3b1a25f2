import type { ResourceContext } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';

/** Template values may be text where the API takes numbers: parameters always are. */
export function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

export function boolean(value: unknown): boolean | undefined {
  return value === undefined ? undefined : value === true || value === 'true';
}

/** Leaves out what is undefined, so that the API's defaults apply. */
export function stated(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `[{Key, Value}]` with the stack's own, as the API's map. */
export function tagMap(tags: unknown, context: ResourceContext): Record<string, string> {
  const own = (tags ?? []) as { Key: string; Value: unknown }[];
  return { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, String(Value)])) };
}

/** For deletes and reads: gone is no error. */
export function ignoreMissing(error: unknown): undefined {
  if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
  throw error;
}

/** Picks the live values of the properties that a template states. */
export function livePart(
  stated: Record<string, unknown>,
  live: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(Object.keys(stated).map((name) => [name, live[name]]));
}
