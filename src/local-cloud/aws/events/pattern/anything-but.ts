import { InvalidPattern } from './errors.js';
import type { Scalar } from './types.js';
import { wildcard } from './wildcard.js';

type Test = (value: Scalar) => boolean;

const NOT_A_VALUE = 'Value of anything-but must be an array or single string/number value.';

/** Compiles `anything-but`: a value, a list of one type, or an object with one inner operator. */
export function anythingBut(operand: unknown): Test {
  const refused =
    typeof operand === 'object' && operand !== null && !Array.isArray(operand)
      ? inner(operand)
      : listed(operand);
  return (value) => !refused(value);
}

function listed(operand: unknown): Test {
  if (!Array.isArray(operand) && typeof operand !== 'string' && typeof operand !== 'number')
    throw new InvalidPattern(NOT_A_VALUE);
  const values = nonEmpty([operand].flat() as unknown[]);
  for (const value of values)
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new InvalidPattern('Inside anything but list, start|null|boolean is not supported.');
  if (new Set(values.map((value) => typeof value)).size > 1)
    throw new InvalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  const set = new Set(values);
  return (value) => set.has(value);
}

function inner(operand: object): Test {
  const entries = Object.entries(operand);
  const [name, value] = entries[0] ?? ['', undefined];
  if (entries.length !== 1) throw new InvalidPattern('Only one key allowed in match expression');
  switch (name) {
    case 'prefix':
      return anyOf(affixes(value), (text, affix) => text.startsWith(affix));
    case 'suffix':
      return anyOf(affixes(value), (text, affix) => text.endsWith(affix));
    case 'equals-ignore-case':
      return anyOf(
        strings(
          value,
          'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
        ),
        (text, other) => text.toLowerCase() === other.toLowerCase(),
      );
    case 'wildcard': {
      const tests = strings(value, 'wildcard match pattern must be a string').map(wildcard);
      return (candidate) => typeof candidate === 'string' && tests.some((test) => test(candidate));
    }
    default:
      throw new InvalidPattern(`Unsupported anything-but pattern: ${name}`);
  }
}

function affixes(operand: unknown): string[] {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand))
    throw new InvalidPattern(NOT_A_VALUE);
  const list = strings(operand, 'prefix/suffix match pattern must be a string');
  if (list.includes('')) throw new InvalidPattern('Null prefix/suffix not allowed');
  return list;
}

function strings(operand: unknown, otherwise: string): string[] {
  const values = nonEmpty([operand].flat() as unknown[]);
  for (const value of values) if (typeof value !== 'string') throw new InvalidPattern(otherwise);
  return values as string[];
}

function nonEmpty(values: unknown[]): unknown[] {
  if (values.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  return values;
}

function anyOf(list: string[], test: (text: string, item: string) => boolean): Test {
  return (value) => typeof value === 'string' && list.some((item) => test(value, item));
}
