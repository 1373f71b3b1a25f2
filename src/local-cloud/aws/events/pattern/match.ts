import { isObject, pathTo } from './compile.js';
import type { FieldPattern, ObjectPattern, Scalar } from './types.js';

/** Whether the event matches. Arrays in the event match by any of their elements, one element at a time. */
export function matches(pattern: ObjectPattern, event: unknown): boolean {
  let leaves: Set<string> | undefined;
  const present = (path: string) => {
    leaves ??= leafPaths(event);
    return leaves.has(path);
  };
  return matchesObject(pattern, isObject(event) ? event : undefined, present);
}

type Present = (path: string) => boolean;

function matchesObject(
  pattern: ObjectPattern,
  event: Record<string, unknown> | undefined,
  present: Present,
): boolean {
  return (
    pattern.fields.every((field) => matchesField(field, event, present)) &&
    pattern.alternatives.every((options) => options.some((option) => matchesObject(option, event, present)))
  );
}

function matchesField(
  field: FieldPattern,
  event: Record<string, unknown> | undefined,
  present: Present,
): boolean {
  const value = event && Object.hasOwn(event, field.key) ? event[field.key] : undefined;
  if (field.kind === 'nested') {
    const objects = flat(value).filter(isObject);
    // A field that is missing can still be what the pattern asks for (`exists: false`).
    if (objects.length === 0) return matchesObject(field.pattern, undefined, present);
    return objects.some((object) => matchesObject(field.pattern, object, present));
  }
  const scalars = flat(value).filter(isScalar);
  return field.matchers.some((matcher) => {
    if (matcher.kind === 'value') return scalars.some((scalar) => matcher.test(scalar));
    // `exists: false` is about the whole event: no element of any array on the way may have the field.
    return matcher.expected ? scalars.length > 0 : !present(field.path);
  });
}

function flat(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** The paths at which the event holds a value; objects are not values, nor is an empty array. */
function leafPaths(event: unknown): Set<string> {
  const paths = new Set<string>();
  const walk = (value: unknown, path: string) => {
    for (const item of flat(value)) {
      if (isScalar(item)) paths.add(path);
      else if (isObject(item))
        for (const [key, child] of Object.entries(item)) walk(child, pathTo(path, key));
    }
  };
  walk(event, '');
  return paths;
}
