import type { Properties, ResourceType } from '../../../kernel/resource-type.js';

/** CloudFormation compares scalars as text: `10` in one template is `"10"` in another. */
export function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(normal(one)) === JSON.stringify(normal(other));
}

function normal(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value === null ? null : String(value);
  const members = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, normal(item)]),
  );
}

export function changedProperties(before: Properties, after: Properties): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !sameValue(before[name], after[name]),
  );
}

/** Whether changing a property makes a new physical resource. A type that cannot be updated is always made anew. */
export function replaces(type: ResourceType, property: string): boolean {
  return type.update === undefined || (type.createOnly ?? []).includes(property);
}

export type Need = 'create' | 'replace' | 'update' | 'keep';

export function needOf(
  type: ResourceType,
  before: { properties: Properties; tags: Record<string, string> } | undefined,
  after: { properties: Properties; tags: Record<string, string> },
): Need {
  if (!before) return 'create';
  const changed = changedProperties(before.properties, after.properties);
  if (changed.some((property) => replaces(type, property))) return 'replace';
  if (changed.length > 0) return 'update';
  return tagsReach(type) && !sameValue(before.tags, after.tags) ? 'update' : 'keep';
}

/** Whether a change of the stack's tags reaches resources of this type. */
export function tagsReach(type: ResourceType): boolean {
  return type.properties.includes('Tags') && type.update !== undefined;
}
