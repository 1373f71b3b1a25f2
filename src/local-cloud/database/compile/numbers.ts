import { SqlError, unsupported } from '../errors.js';
import type { SqlType } from '../schema/table.js';
import type { BinaryOperator } from '../sql/ast.js';
import { normaliseDatetime } from '../values/datetime.js';
import { decimalPrefix } from '../values/decimal.js';
import { type Compiled, INTEGER } from './expression.js';
import type { Scope } from './scope.js';

/** 64-bit integers hold any number of so many digits. The SQL function `exact` refuses what outgrows them. */
const DIGITS = 18;

type Comparison = Exclude<BinaryOperator, '+' | '-' | '*' | 'and' | 'or'>;

interface Exact {
  sql: string;
  precision: number;
  scale: number;
}

function exact({ sql, type }: Compiled): Exact | undefined {
  if (type.kind === 'integer')
    return { sql, precision: type.bits === 64 ? DIGITS : Math.ceil(type.bits * 0.302), scale: 0 };
  if (type.kind === 'decimal') return { sql, precision: type.precision, scale: type.scale };
  return undefined;
}

function scaled({ sql, scale }: Exact, to: number): string {
  return to === scale ? sql : `exact(${sql} * ${10n ** BigInt(to - scale)})`;
}

/** `+`, `-` and `*` of exact numbers. The result of integers is an integer; of decimals, a decimal of MySQL's scale. */
export function arithmetic(operator: '+' | '-' | '*', left: Compiled, right: Compiled): Compiled {
  if (left.type.kind === 'null' || right.type.kind === 'null') return { sql: 'NULL', type: { kind: 'null' } };
  const a = exact(left);
  const b = exact(right);
  if (!a || !b) throw unsupported('arithmetic of other than whole and decimal numbers');
  if (a.scale === 0 && b.scale === 0) return { sql: `exact(${a.sql} ${operator} ${b.sql})`, type: INTEGER };
  const scale = operator === '*' ? a.scale + b.scale : Math.max(a.scale, b.scale);
  const sql =
    operator === '*'
      ? `exact(${a.sql} * ${b.sql})`
      : `exact(${scaled(a, scale)} ${operator} ${scaled(b, scale)})`;
  return { sql, type: { kind: 'decimal', precision: DIGITS, scale, unsigned: false } };
}

export function negate(operand: Compiled): Compiled {
  if (!exact(operand) && operand.type.kind !== 'double' && operand.type.kind !== 'null')
    throw unsupported('the negative of a text or a time');
  return { sql: `(-${operand.sql})`, type: operand.type };
}

/** A comparison, both sides brought to one form first, as MySQL would. */
export function compare(operator: Comparison, left: Compiled, right: Compiled, scope: Scope): string {
  const [a, b] = comparable(left, right, scope);
  // MySQL's `<=>` is SQLite's IS: equal, or both null.
  return `(${a} ${operator === '<=>' ? 'IS' : operator} ${b})`;
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
  const group = (type: SqlType) => (type.kind === 'enum' || type.kind === 'json' ? 'text' : type.kind);
  const same =
    group(one.type) === group(other.type) || one.type.kind === 'null' || other.type.kind === 'null';
  if (!same) throw unsupported(`comparing ${group(one.type)} with ${group(other.type)}`);
  return [one.sql, other.sql];
}

/** A string literal beside a number or a time is read as one: the longest numeric prefix, as MySQL does. */
function convertLiteral(operand: Compiled, against: SqlType, scope: Scope): Compiled {
  if (operand.literal === undefined) return operand;
  if (against.kind === 'integer' || against.kind === 'decimal') {
    const { units, scale } = decimalPrefix(operand.literal).decimal;
    const magnitude = units < 0n ? -units : units;
    if (magnitude >= 2n ** 63n) throw unsupported(`the number ${operand.literal}`);
    return {
      sql: String(units),
      type: { kind: 'decimal', precision: String(magnitude).length, scale, unsigned: false },
    };
  }
  if (against.kind === 'datetime' || against.kind === 'date') {
    const normal = normaliseDatetime(operand.literal);
    if (!normal) throw new SqlError(1525, `Incorrect DATETIME value: '${operand.literal}'`);
    return { sql: scope.bindings.add(against.kind === 'date' ? normal.slice(0, 10) : normal), type: against };
  }
  return operand;
}
