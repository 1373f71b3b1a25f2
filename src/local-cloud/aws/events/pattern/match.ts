import { isObject, pathTo, undot } from './compile.js';
import type { FieldPattern, ObjectPattern, Scalar } from './types.js';

/** Whether the event matches. Arrays in the event match by any of their elements, one element at a time. */
export function matches(pattern: ObjectPattern, event: unknown): boolean {
  const whole = nested(event);
  let leaves: Set<string> | undefined;
  const present = (path: string) => {
    leaves ??= leafPaths(whole);
    return leaves.has(path);
  };
  return matchesObject(pattern, isObject(whole) ? whole : undefined, present);
}

/** The value with dotted keys as the nested objects that they stand for; the very same where there are none. */
function nested(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(nested);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, nested(child)] as const);
  if (entries.every(([key, child]) => !key.includes('.') && child === value[key])) return value;
  const result: Record<string, unknown> = {};
  for (const [key, child] of entries) merge(result, undot(key, child));
  return result;
}

/** Where two keys come to the same field, both of their values are there, as elements of an array are. */
function merge(into: Record<string, unknown>, more: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(more)) {
    const known = Object.hasOwn(into, key) ? into[key] : undefined;
    if (known === undefined) into[key] = value;
    else if (isObject(known) && isObject(value)) {
      const both = { ...known };
      merge(both, value);
      into[key] = both;
    } else into[key] = [known, value];
  }
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
