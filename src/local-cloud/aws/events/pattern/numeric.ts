import { InvalidPattern } from './errors.js';

/** Numbers beyond this are refused in ranges. */
const LARGEST = 5e9;

/** Compiles `["=", 5]`, `[">", 0]` or `[">", 0, "<=", 5]`. */
export function numeric(terms: unknown): (value: number) => boolean {
  if (!Array.isArray(terms)) throw new InvalidPattern('Value of numeric must be an array.');
  if (terms.length === 0) throw new InvalidPattern('Empty numeric range not allowed');
  const [first, firstBound] = [operator(terms[0]), bound(terms[0], terms[1])];
  if (terms.length <= 2) return test(first, firstBound);
  if (first !== '>' && first !== '>=') throw new InvalidPattern('Too many terms in numeric range');
  const second = terms[2];
  if (second !== '<' && second !== '<=')
    throw new InvalidPattern(`Bad numeric range operator: ${String(second)}`);
  const secondBound = bound(second, terms[3]);
  if (terms.length > 4) throw new InvalidPattern('Too many terms in numeric range');
  if (firstBound >= secondBound) throw new InvalidPattern('Bottom must be less than top');
  const [above, below] = [test(first, firstBound), test(second, secondBound)];
  return (value) => above(value) && below(value);
}

type Operator = '=' | '<' | '<=' | '>' | '>=';

function operator(term: unknown): Operator {
  if (typeof term !== 'string') throw new InvalidPattern('Numeric range operators must be strings');
  if (!['=', '<', '<=', '>', '>='].includes(term))
    throw new InvalidPattern(`Unrecognized numeric range operator: ${term}`);
  return term as Operator;
}

function bound(after: unknown, term: unknown): number {
  if (typeof term !== 'number') throw new InvalidPattern(`Value of ${String(after)} must be numeric`);
  if (Math.abs(term) > LARGEST) throw new InvalidPattern(`Value must be between -${LARGEST} and ${LARGEST}`);
  return term;
}

function test(operator: Operator, bound: number): (value: number) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
  }
}
