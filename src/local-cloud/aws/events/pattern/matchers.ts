import { anythingBut } from './anything-but.js';
import { cidr } from './cidr.js';
import { InvalidPattern } from './errors.js';
import { numeric } from './numeric.js';
import type { Matcher, Scalar } from './types.js';
import { wildcard } from './wildcard.js';

/** Operators of the match expressions; an object with one of these as its only key is not a nested pattern. */
export const OPERATORS = [
  'prefix',
  'suffix',
  'equals-ignore-case',
  'anything-but',
  'numeric',
  'exists',
  'wildcard',
  'cidr',
];

/** Compiles one element of a pattern's array: a literal or an operator. */
export function matcher(element: unknown): Matcher {
  if (Array.isArray(element))
    throw new InvalidPattern('Match value must be String, number, true, false, or null');
  if (typeof element === 'object' && element !== null) return operatorMatcher(element);
  const literal = element as Scalar;
  return { kind: 'value', test: (value) => value === literal };
}

function operatorMatcher(expression: object): Matcher {
  const entries = Object.entries(expression);
  if (entries.length !== 1)
    throw new InvalidPattern(
      entries.length === 0 ? 'Empty objects are not allowed' : 'Only one key allowed in match expression',
    );
  const [name, operand] = entries[0] as [string, unknown];
  switch (name) {
    case 'exists':
      if (typeof operand !== 'boolean')
        throw new InvalidPattern('exists match pattern must be either true or false.');
      return { kind: 'exists', expected: operand };
    case 'prefix':
      return affix(name, operand, (text, part) => text.startsWith(part));
    case 'suffix':
      return affix(name, operand, (text, part) => text.endsWith(part));
    case 'equals-ignore-case': {
      const wanted = string(name, operand).toLowerCase();
      return ofText((text) => text.toLowerCase() === wanted);
    }
    case 'wildcard':
      return ofText(wildcard(string(name, operand)));
    case 'cidr':
      // AWS names the wrong operator here; the text is as recorded.
      return ofText(cidr(string('prefix', operand)));
    case 'numeric': {
      const test = numeric(operand);
      return { kind: 'value', test: (value) => typeof value === 'number' && test(value) };
    }
    case 'anything-but':
      return { kind: 'value', test: anythingBut(operand) };
    default:
      throw new InvalidPattern(`Unrecognized match type ${name}`);
  }
}

function affix(name: string, operand: unknown, test: (text: string, part: string) => boolean): Matcher {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const keys = Object.keys(operand);
    if (keys.length !== 1 || keys[0] !== 'equals-ignore-case')
      throw new InvalidPattern(`Unsupported ${name} pattern: ${keys.join(', ')}`);
    const part = string('equals-ignore-case', Object.values(operand)[0]).toLowerCase();
    return ofText((text) => test(text.toLowerCase(), part));
  }
  const part = string(name, operand);
  return ofText((text) => test(text, part));
}

function string(name: string, operand: unknown): string {
  if (typeof operand !== 'string') throw new InvalidPattern(`${name} match pattern must be a string`);
  return operand;
}

function ofText(test: (text: string) => boolean): Matcher {
  return { kind: 'value', test: (value) => typeof value === 'string' && test(value) };
}
