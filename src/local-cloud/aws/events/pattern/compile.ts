import { InvalidPattern } from './errors.js';
import { matcher, OPERATORS } from './matchers.js';
import type { ObjectPattern } from './types.js';

/** Reads and checks a pattern's JSON text. Throws `InvalidPattern` with AWS's reason. */
export function compile(text: string): ObjectPattern {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new InvalidPattern((error as Error).message);
  }
  if (!isObject(document)) throw new InvalidPattern('Filter is not an object');
  return objectPattern(document, '');
}

function objectPattern(document: Record<string, unknown>, path: string): ObjectPattern {
  const pattern: ObjectPattern = { fields: [], alternatives: [] };
  if (Object.keys(document).length === 0) throw new InvalidPattern('Empty objects are not allowed');
  for (const [key, value] of Object.entries(withoutDots(document))) {
    const here = pathTo(path, key);
    if (key === '$or' && isAlternatives(value))
      pattern.alternatives.push(value.map((option) => objectPattern(option, path)));
    else if (Array.isArray(value))
      pattern.fields.push({ kind: 'leaf', key, path: here, matchers: matchersOf(value) });
    else if (isObject(value))
      pattern.fields.push({ kind: 'nested', key, pattern: objectPattern(value, here) });
    else throw new InvalidPattern(`"${key}" must be an object or an array`);
  }
  return pattern;
}

function matchersOf(elements: unknown[]) {
  if (elements.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  return elements.map(matcher);
}

/** `$or` joins alternatives only as a list of two or more patterns; otherwise it is a field of that name. */
function isAlternatives(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((option) => isObject(option) && !Object.keys(option).some((key) => OPERATORS.includes(key)))
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A dotted key and the path through nested objects are the same field: the document with nested objects only. */
function withoutDots(document: Record<string, unknown>): Record<string, unknown> {
  if (!Object.keys(document).some((key) => key.includes('.'))) return document;
  const nested: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) {
    if (!Array.isArray(value) && !isObject(value))
      throw new InvalidPattern(`"${key}" must be an object or an array`);
    join(nested, undot(key, value));
  }
  return nested;
}

function join(into: Record<string, unknown>, more: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(more)) {
    const known = Object.hasOwn(into, key) ? into[key] : undefined;
    if (!isObject(known) || !isObject(value)) into[key] = value;
    else {
      const both = { ...known };
      join(both, value);
      into[key] = both;
    }
  }
}

/** `{"a.b": value}` as `{"a": {"b": value}}`. */
export function undot(key: string, value: unknown): Record<string, unknown> {
  return key.split('.').reduceRight((inner, part) => ({ [part]: inner }), value) as Record<string, unknown>;
}

/** Keys of an event that was matched hold no dots any more; paths are joined by what keys practically never hold. */
export function pathTo(path: string, key: string): string {
  return path === '' ? key : `${path}\u0000${key}`;
}
