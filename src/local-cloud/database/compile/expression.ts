import { SqlError, unknownColumn, unsupported } from '../errors.js';
import type { SqlType } from '../schema/table.js';
import type { Expression } from '../sql/ast.js';
import { fromMicros } from '../values/datetime.js';
import { parseDecimal } from '../values/number-text.js';
import { compileCall } from './functions.js';
import { arithmetic, compare, negate } from './numbers.js';
import { resolveColumn, type Scope } from './scope.js';
import { compileSelect } from './select.js';

/** A piece of SQLite SQL and the MySQL type of what it gives. */
export interface Compiled {
  sql: string;
  type: SqlType;
  /** The text of a string literal: comparisons convert it to the other side's type. */
  literal?: string;
  /** Made of numeric literals only. */
  constant?: boolean;
}

export const INTEGER: SqlType = { kind: 'integer', bits: 64, unsigned: false };
export const TEXT: SqlType = { kind: 'text', name: 'longtext', length: 4_294_967_295, binary: false };

export function compileExpression(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'null':
      return { sql: 'NULL', type: { kind: 'null' } };
    case 'literal':
      return compileLiteral(expression.type, expression.value, scope);
    case 'column': {
      const { sql, column } = resolveColumn(scope, expression.table, expression.name);
      return { sql, type: column.type };
    }
    case 'variable':
      return compileVariable(expression.name, scope);
    case 'negate':
      return negate(compileExpression(expression.operand, scope));
    case 'not':
      return { sql: `(NOT ${condition(expression.operand, scope)})`, type: INTEGER };
    case 'binary':
      return compileBinary(expression, scope);
    case 'is-null': {
      const { sql } = compileExpression(expression.operand, scope);
      return { sql: `(${sql} IS ${expression.negated ? 'NOT ' : ''}NULL)`, type: INTEGER };
    }
    case 'in':
      return compileIn(expression, scope);
    case 'between':
      return compileBetween(expression, scope);
    case 'like':
      return compileLike(expression, scope);
    case 'exists':
      return { sql: `EXISTS (${compileSelect(expression.select, scope).sql})`, type: INTEGER };
    case 'subquery':
      return oneColumn(expression.select, scope);
    case 'case':
      return compileCase(expression, scope);
    case 'call':
      return compileCall(expression, scope);
    case 'inserted':
      return compileInserted(expression.name, scope);
  }
}

/** An expression used as true or false. Texts would need MySQL's reading of numbers in them, so they are refused. */
export function condition(expression: Expression, scope: Scope): string {
  const { sql, type } = compileExpression(expression, scope);
  if (type.kind !== 'integer' && type.kind !== 'null' && type.kind !== 'decimal') {
    throw unsupported('a text or a time as a condition');
  }
  return sql;
}

export function text(value: string, scope: Scope): Compiled {
  let hole: string | undefined;
  return {
    // Bound when it is used: a literal beside a number or a time is converted and never bound as a text.
    get sql() {
      hole ??= scope.bindings.add(value);
      return hole;
    },
    type: TEXT,
    literal: value,
  };
}

function compileLiteral(
  kind: 'string' | 'integer' | 'decimal' | 'double',
  value: string,
  scope: Scope,
): Compiled {
  if (kind === 'string') return text(value, scope);
  const read = parseDecimal(value);
  const magnitude = read && (read.units < 0n ? -read.units : read.units);
  if (!read || magnitude === undefined || magnitude >= 2n ** 63n) throw unsupported(`the number ${value}`);
  if (kind === 'double') return { sql: String(Number(value)), type: { kind: 'double' }, constant: true };
  if (kind === 'integer') return { sql: String(read.units), type: INTEGER, constant: true };
  return {
    sql: String(read.units),
    type: { kind: 'decimal', precision: String(magnitude).length, scale: read.scale, unsigned: false },
    constant: true,
  };
}

function compileVariable(name: string, scope: Scope): Compiled {
  const value = scope.session.variable(name);
  if (value === undefined) throw new SqlError(1193, `Unknown system variable '${name}'`);
  return /^\d+$/.test(value) ? { sql: value, type: INTEGER } : text(value, scope);
}

function compileBinary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Compiled {
  const { operator } = expression;
  if (operator === 'and' || operator === 'or') {
    const sql = `(${condition(expression.left, scope)} ${operator.toUpperCase()} ${condition(expression.right, scope)})`;
    return { sql, type: INTEGER };
  }
  const left = compileExpression(expression.left, scope);
  const right = compileExpression(expression.right, scope);
  if (operator === '+' || operator === '-' || operator === '*') return arithmetic(operator, left, right);
  return { sql: compare(operator, left, right, scope), type: INTEGER };
}

function compileIn(expression: Extract<Expression, { kind: 'in' }>, scope: Scope): Compiled {
  const operand = compileExpression(expression.operand, scope);
  const not = expression.negated ? 'NOT ' : '';
  if (Array.isArray(expression.list)) {
    const texts = expression.list.length > 1 ? 'beside decimals' : 'never';
    const alternatives = expression.list.map((item) =>
      compare('=', operand, compileExpression(item, scope), scope, texts),
    );
    return { sql: `(${not}(${alternatives.join(' OR ')}))`, type: INTEGER };
  }
  const subquery = oneColumn(expression.list, scope);
  if (subquery.type.kind !== operand.type.kind)
    throw unsupported('IN (SELECT …) of another type than its operand');
  return { sql: `(${operand.sql} ${not}IN ${subquery.sql})`, type: INTEGER };
}

function compileBetween(expression: Extract<Expression, { kind: 'between' }>, scope: Scope): Compiled {
  const operand = compileExpression(expression.operand, scope);
  const from = compileExpression(expression.low, scope);
  const to = compileExpression(expression.high, scope);
  const all = [operand, from, to];
  // One type for all three: a decimal or a second text makes it that of doubles.
  const areDoubles =
    all.some(({ type }) => type.kind === 'decimal') ||
    all.filter((one) => one.literal !== undefined).length > 1;
  const texts = areDoubles ? 'always' : 'beside decimals';
  const low = compare('>=', operand, from, scope, texts);
  const high = compare('<=', operand, to, scope, texts);
  return { sql: `(${expression.negated ? 'NOT ' : ''}(${low} AND ${high}))`, type: INTEGER };
}

function compileLike(expression: Extract<Expression, { kind: 'like' }>, scope: Scope): Compiled {
  const operand = compileExpression(expression.operand, scope);
  const pattern = compileExpression(expression.pattern, scope);
  if (operand.type.kind !== 'text' || operand.type.binary || pattern.literal === undefined) {
    throw unsupported('LIKE other than of a case-insensitive text and a literal pattern');
  }
  const sql = `(${operand.sql} ${expression.negated ? 'NOT ' : ''}LIKE ${pattern.sql} ESCAPE '\\')`;
  return { sql, type: INTEGER };
}

function compileCase(expression: Extract<Expression, { kind: 'case' }>, scope: Scope): Compiled {
  const whens = expression.branches.map((branch) => condition(branch.when, scope));
  const values = expression.branches.map((branch) => compileExpression(branch.value, scope));
  if (expression.otherwise) values.push(compileExpression(expression.otherwise, scope));
  const type = commonType(values);
  const otherwise = expression.otherwise ? ` ELSE ${(values.at(-1) as Compiled).sql}` : '';
  const branches = whens.map((when, index) => `WHEN ${when} THEN ${(values[index] as Compiled).sql}`);
  return { sql: `(CASE ${branches.join(' ')}${otherwise} END)`, type };
}

/** The one type that alternatives share; mixtures are refused rather than converted. */
export function commonType(values: Compiled[]): SqlType {
  const types = values.map((value) => value.type).filter((type) => type.kind !== 'null');
  const first = types[0] ?? { kind: 'null' as const };
  const key = (type: SqlType) =>
    type.kind === 'decimal' ? `decimal ${type.scale}` : type.kind === 'enum' ? 'text' : type.kind;
  if (types.some((type) => key(type) !== key(first)))
    throw unsupported('alternatives of different types in one expression');
  return first.kind === 'text' || first.kind === 'enum' ? TEXT : first.kind === 'integer' ? INTEGER : first;
}

function oneColumn(select: Extract<Expression, { kind: 'subquery' }>['select'], scope: Scope): Compiled {
  const compiled = compileSelect(select, scope);
  const only = compiled.columns[0];
  if (!only || compiled.columns.length !== 1) throw new SqlError(1241, 'Operand should contain 1 column(s)');
  return { sql: `(${compiled.sql})`, type: only.type };
}

function compileInserted(name: string, scope: Scope): Compiled {
  const column = scope.sources[0]?.table.columns.find(
    (candidate) => candidate.name.toLowerCase() === name.toLowerCase(),
  );
  if (!scope.inserted || !column) throw unknownColumn(name, 'field list');
  return { sql: scope.bindings.add(scope.inserted.get(column.name) ?? null), type: column.type };
}

/** The statement's time, UTC. */
export function now(digits: number, scope: Scope): Compiled {
  const micros = BigInt(Date.now()) * 1000n;
  const step = 10n ** BigInt(6 - digits);
  const type: SqlType = { kind: 'datetime', name: 'datetime', digits };
  return { sql: scope.bindings.add(fromMicros((micros / step) * step)), type };
}
