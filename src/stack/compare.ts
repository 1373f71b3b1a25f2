import { isDeepStrictEqual } from 'node:util';
import type { Template } from './template.js';

export interface ResourceDifference {
  logicalId: string;
  type: string;
  kind: 'added' | 'removed' | 'changed';
  /** Paths of what differs: `Properties.Timeout`. Empty for what is added or removed. */
  paths: string[];
}

/** What differs between two templates, resource by resource, in the order of `next`, then what was removed. */
export function compareResources(previous: Template, next: Template): ResourceDifference[] {
  const differences: ResourceDifference[] = [];
  for (const [logicalId, resource] of Object.entries(next.Resources)) {
    const before = previous.Resources[logicalId];
    const type = resource.Type;
    if (!before) differences.push({ logicalId, type, kind: 'added', paths: [] });
    else if (!isDeepStrictEqual(before, resource))
      differences.push({ logicalId, type, kind: 'changed', paths: differingPaths(before, resource) });
  }
  for (const [logicalId, { Type: type }] of Object.entries(previous.Resources))
    if (!next.Resources[logicalId]) differences.push({ logicalId, type, kind: 'removed', paths: [] });
  return differences;
}

/** Sections other than Resources that differ: `Outputs`, `Conditions`… */
export function differingSections(previous: Template, next: Template): string[] {
  const sections = new Set([...Object.keys(previous), ...Object.keys(next)]);
  sections.delete('Resources');
  return [...sections].filter((section) => !isDeepStrictEqual(previous[section], next[section])).sort();
}

export interface ParameterDifference {
  name: string;
  previous: string | null;
  next: string | null;
}

export function compareMaps(
  previous: Record<string, string>,
  next: Record<string, string>,
): ParameterDifference[] {
  return [...new Set([...Object.keys(next), ...Object.keys(previous)])]
    .filter((name) => previous[name] !== next[name])
    .map((name) => ({ name, previous: previous[name] ?? null, next: next[name] ?? null }));
}

/** Paths at which two values differ, down to where their shapes part. Lists are compared as a whole. */
function differingPaths(a: unknown, b: unknown, path = ''): string[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (!isMap(a) || !isMap(b)) return [path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differingPaths(a[key], b[key], path ? `${path}.${key}` : key));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
