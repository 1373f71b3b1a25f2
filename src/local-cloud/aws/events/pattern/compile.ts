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
  for (const [key, value] of Object.entries(document)) {
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

/** Keys may hold dots, so paths are joined by a character that keys practically never hold. */
export function pathTo(path: string, key: string): string {
  return path === '' ? key : `${path}\u0000${key}`;
}
