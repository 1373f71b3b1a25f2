import { SqlError, unsupported } from '../errors.js';
import type { SqlType } from '../schema/table.js';
import type { BinaryOperator } from '../sql/ast.js';
import { normaliseDatetime } from '../values/datetime.js';
import { floor, rescale } from '../values/decimal.js';
import { readDecimal, readDouble } from '../values/number-text.js';
import { type Compiled, INTEGER } from './expression.js';
import type { Scope } from './scope.js';

/** 64-bit integers hold any number of so many digits. The SQL function `exact` refuses what outgrows them. */
const DIGITS = 18;

/** Digits behind the point of a text that a single comparison sees; the rest is rounded. */
const COMPARED_SCALE = 39;

type Comparison = Exclude<BinaryOperator, '+' | '-' | '*' | 'and' | 'or'>;

interface Exact {
  sql: string;
  precision: number;
  scale: number;
}

function exact(operand: Compiled): Exact | undefined {
  const { type } = operand;
  // `sql` is asked for only where it is used: a text's is bound then.
  if (type.kind === 'integer')
    return {
      sql: operand.sql,
      precision: type.bits === 64 ? DIGITS : Math.ceil(type.bits * 0.302),
      scale: 0,
    };
  if (type.kind === 'decimal') return { sql: operand.sql, precision: type.precision, scale: type.scale };
  return undefined;
}

function scaled({ sql, scale }: Exact, to: number): string {
  return to === scale ? sql : `exact(${sql} * ${10n ** BigInt(to - scale)})`;
}

function asDouble({ sql, scale }: Exact): string {
  return `to_double(${sql}, ${scale})`;
}

/** `+`, `-` and `*` of exact numbers. The result of integers is an integer; of decimals, a decimal of MySQL's scale. */
export function arithmetic(operator: '+' | '-' | '*', left: Compiled, right: Compiled): Compiled {
  if (left.type.kind === 'null' || right.type.kind === 'null') return { sql: 'NULL', type: { kind: 'null' } };
  const a = exact(left);
  const b = exact(right);
  if (!a || !b) throw unsupported('arithmetic of other than whole and decimal numbers');
  const constant = left.constant === true && right.constant === true;
  if (a.scale === 0 && b.scale === 0)
    return { sql: `exact(${a.sql} ${operator} ${b.sql})`, type: INTEGER, constant };
  const scale = operator === '*' ? a.scale + b.scale : Math.max(a.scale, b.scale);
  const sql =
    operator === '*'
      ? `exact(${a.sql} * ${b.sql})`
      : `exact(${scaled(a, scale)} ${operator} ${scaled(b, scale)})`;
  return { sql, type: { kind: 'decimal', precision: DIGITS, scale, unsigned: false }, constant };
}

export function negate(operand: Compiled): Compiled {
  if (!exact(operand) && operand.type.kind !== 'double' && operand.type.kind !== 'null')
    throw unsupported('the negative of a text or a time');
  return { sql: `(-${operand.sql})`, type: operand.type, constant: operand.constant === true };
}

/**
 * Beside which exact numbers a text is read as a double, where it is otherwise read as a decimal: MariaDB does so where an
 * operand is compared several times, in BETWEEN and in IN with several alternatives.
 */
export type TextsAsDoubles = 'never' | 'beside decimals' | 'always';

/** A comparison, both sides brought to one form first, as MySQL would. */
export function compare(
  operator: Comparison,
  left: Compiled,
  right: Compiled,
  scope: Scope,
  texts: TextsAsDoubles = 'never',
): string {
  if (left.literal !== undefined && exact(right))
    return compare(MIRRORED[operator], right, left, scope, texts);
  const number = exact(left);
  if (number && right.literal !== undefined) {
    const isDecimal = left.type.kind === 'decimal';
    if (texts === 'always' || (isDecimal && (left.constant || texts === 'beside decimals')))
      return join(asDouble(number), operator, doubleOf(right.literal));
    return compareWithText(operator, number, right.literal, texts === 'never' ? COMPARED_SCALE : undefined);
  }
  const [a, b] = comparable(left, right, scope);
  return join(a, operator, b);
}

/** MySQL's `<=>` is SQLite's IS: equal, or both null. */
function join(left: string, operator: Comparison, right: string): string {
  return `(${left} ${operator === '<=>' ? 'IS' : operator} ${right})`;
}

const MIRRORED: Record<Comparison, Comparison> = {
  '=': '=',
  '<=>': '<=>',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** An exact number beside a text: the text is read as a decimal, and stands still while the number is not scaled. */
function compareWithText(
  operator: Comparison,
  number: Exact,
  text: string,
  digits = Number.POSITIVE_INFINITY,
): string {
  const exactly = readDecimal(text).value;
  const read = exactly.scale > digits ? { units: rescale(exactly, digits), scale: digits } : exactly;
  const units = floor(read, number.scale);
  // SQLite compares its whole numbers with a double exactly: this one is beyond all of them.
  if (units >= 2n ** 63n || units < -(2n ** 63n))
    return join(number.sql, operator, units > 0n ? '1e19' : '-1e19');
  const isStep = floor({ units, scale: number.scale }, read.scale) === read.units;
  if (number.scale >= read.scale || isStep) return join(number.sql, operator, String(units));
  // Between two steps of the number: equal to none of them.
  if (operator === '<' || operator === '<=') return join(number.sql, '<=', String(units));
  if (operator === '>' || operator === '>=') return join(number.sql, '>', String(units));
  return join(number.sql, operator, '0.5');
}

function comparable(left: Compiled, right: Compiled, scope: Scope): [string, string] {
  const one = convertLiteral(left, right.type, scope);
  const other = convertLiteral(right, left.type, scope);
  const a = exact(one);
  const b = exact(other);
  if (a && b) {
    const scale = Math.max(a.scale, b.scale);
    return [scaled(a, scale), scaled(b, scale)];
  }
  if (a && other.type.kind === 'double') return [asDouble(a), other.sql];
  if (b && one.type.kind === 'double') return [one.sql, asDouble(b)];
  const group = (type: SqlType) => (type.kind === 'enum' || type.kind === 'json' ? 'text' : type.kind);
  const same =
    group(one.type) === group(other.type) || one.type.kind === 'null' || other.type.kind === 'null';
  if (!same) throw unsupported(`comparing ${group(one.type)} with ${group(other.type)}`);
  return [one.sql, other.sql];
}

/** A string literal beside a double or a time is read as one. */
function convertLiteral(operand: Compiled, against: SqlType, scope: Scope): Compiled {
  if (operand.literal === undefined) return operand;
  if (against.kind === 'double') return { sql: doubleOf(operand.literal), type: against };
  if (against.kind === 'datetime' || against.kind === 'date') {
    const normal = normaliseDatetime(operand.literal);
    if (!normal) throw new SqlError(1525, `Incorrect DATETIME value: '${operand.literal}'`);
    return { sql: scope.bindings.add(against.kind === 'date' ? normal.slice(0, 10) : normal), type: against };
  }
  return operand;
}

/** Never infinite: MariaDB goes on with the largest double. */
function doubleOf(text: string): string {
  const { value } = readDouble(text);
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)).toExponential(16);
}
