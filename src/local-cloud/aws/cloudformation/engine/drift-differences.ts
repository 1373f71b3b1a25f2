import type { ResourceDrift } from '../state/records.js';
import { sameValue } from './differences.js';

type Difference = ResourceDrift['differences'][number];

/** Where two property trees differ, each difference at its deepest path (`/Tags/0/Value`). */
export function propertyDifferences(expected: unknown, actual: unknown, path = ''): Difference[] {
  if (sameValue(expected, actual)) return [];
  if (isTree(expected) && isTree(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return names.flatMap((name) =>
      propertyDifferences(member(expected, name), member(actual, name), `${path}/${name}`),
    );
  }
  return [{ path, expected: asText(expected), actual: asText(actual), type: kind(expected, actual) }];
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function member(tree: object, name: string): unknown {
  return (tree as Record<string, unknown>)[name];
}

function kind(expected: unknown, actual: unknown): Difference['type'] {
  if (expected === undefined || expected === null) return 'ADD';
  return actual === undefined || actual === null ? 'REMOVE' : 'NOT_EQUAL';
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
