import { SqlError, unsupported } from '../errors.js';
import type { SqlType } from '../schema/table.js';
import type { Expression } from '../sql/ast.js';
import { fromMicros } from '../values/datetime.js';
import { rescale } from '../values/decimal.js';
import { readDecimal } from '../values/number-text.js';
import { VERSION } from '../version.js';
import {
  type Compiled,
  commonType,
  compileExpression,
  condition,
  INTEGER,
  now,
  TEXT,
  text,
} from './expression.js';
import { compare } from './numbers.js';
import type { Scope } from './scope.js';

type Call = Extract<Expression, { kind: 'call' }>;

/** The functions that the embedded database knows; any other is refused by name. */
export function compileCall(call: Call, scope: Scope): Compiled {
  const build = FUNCTIONS[call.name];
  if (!build) throw unsupported(`the function ${call.name}`);
  if ((call.star || call.distinct) && call.name !== 'COUNT')
    throw unsupported(`${call.name}(* or DISTINCT …)`);
  return build(call, scope);
}

const FUNCTIONS: Record<string, (call: Call, scope: Scope) => Compiled> = {
  COUNT: (call, scope) => {
    if (call.star) return { sql: 'COUNT(*)', type: INTEGER };
    return { sql: `COUNT(${call.distinct ? 'DISTINCT ' : ''}${only(call, scope).sql})`, type: INTEGER };
  },
  SUM: (call, scope) => {
    const { sql, type } = only(call, scope);
    if (type.kind !== 'integer' && type.kind !== 'decimal')
      throw unsupported('SUM of other than exact numbers');
    const scale = type.kind === 'decimal' ? type.scale : 0;
    return { sql: `SUM(${sql})`, type: { kind: 'decimal', precision: 18, scale, unsigned: false } };
  },
  MIN: (call, scope) => aggregate('MIN', only(call, scope)),
  MAX: (call, scope) => aggregate('MAX', only(call, scope)),
  COALESCE: (call, scope) => coalesce(call, scope),
  IFNULL: (call, scope) => coalesce(call, scope),
  NULLIF: (call, scope) => {
    const [a, b] = compileArgs(call, scope, 2) as [Compiled, Compiled];
    return { sql: `(CASE WHEN ${compare('=', a, b, scope)} THEN NULL ELSE ${a.sql} END)`, type: a.type };
  },
  IF: (call, scope) => {
    const [test, ...rest] = call.args;
    if (!test || rest.length !== 2) throw wrongArguments(call);
    const values = rest.map((value) => compileExpression(value, scope)) as [Compiled, Compiled];
    const sql = `(CASE WHEN ${condition(test, scope)} THEN ${values[0].sql} ELSE ${values[1].sql} END)`;
    return { sql, type: commonType(values) };
  },
  CONCAT: (call, scope) => {
    const parts = call.args.map((arg) => compileExpression(arg, scope));
    if (parts.length === 0) throw wrongArguments(call);
    if (parts.some(({ type }) => !['text', 'enum', 'integer', 'null'].includes(type.kind))) {
      throw unsupported('CONCAT of decimals, times and doubles');
    }
    return { sql: `(${parts.map((part) => part.sql).join(' || ')} || '')`, type: TEXT };
  },
  CHAR_LENGTH: (call, scope) => {
    const { sql, type } = only(call, scope);
    if (type.kind !== 'text' && type.kind !== 'enum') throw unsupported('CHAR_LENGTH of other than text');
    return { sql: `LENGTH(${sql})`, type: INTEGER };
  },
  NOW: (call, scope) => now(digits(call), scope),
  CURRENT_TIMESTAMP: (call, scope) => now(digits(call), scope),
  UTC_TIMESTAMP: (call, scope) => now(digits(call), scope),
  FROM_UNIXTIME: (call, scope) => {
    const value = call.args[0];
    if (value?.kind !== 'literal' || call.args.length !== 1)
      throw unsupported('FROM_UNIXTIME of other than a literal');
    const { value: decimal } = readDecimal(value.value);
    const type: SqlType = { kind: 'datetime', name: 'datetime', digits: Math.min(6, decimal.scale) };
    return { sql: scope.bindings.add(fromMicros(rescale(decimal, 6))), type };
  },
  VERSION: (_call, scope) => text(VERSION, scope),
  DATABASE: (_call, scope) => text('shop', scope),
  SCHEMA: (_call, scope) => text('shop', scope),
  CONNECTION_ID: (_call, scope) => ({ sql: String(scope.session.connectionId), type: INTEGER }),
  LAST_INSERT_ID: (call, scope) => {
    if (call.args.length > 0) throw unsupported('LAST_INSERT_ID with an argument');
    return { sql: String(scope.session.lastInsertId), type: INTEGER };
  },
};

function compileArgs(call: Call, scope: Scope, count: number): Compiled[] {
  if (call.args.length !== count) throw wrongArguments(call);
  return call.args.map((arg) => compileExpression(arg, scope));
}

function only(call: Call, scope: Scope): Compiled {
  return compileArgs(call, scope, 1)[0] as Compiled;
}

function aggregate(name: 'MIN' | 'MAX', { sql, type }: Compiled): Compiled {
  return { sql: `${name}(${sql})`, type };
}

function coalesce(call: Call, scope: Scope): Compiled {
  const values = call.args.map((arg) => compileExpression(arg, scope));
  if (values.length < 2) throw wrongArguments(call);
  return { sql: `COALESCE(${values.map((value) => value.sql).join(', ')})`, type: commonType(values) };
}

function digits(call: Call): number {
  const [argument] = call.args;
  if (!argument) return 0;
  const value =
    argument.kind === 'literal' && argument.type === 'integer' ? Number(argument.value) : Number.NaN;
  if (call.args.length !== 1 || !(value >= 0 && value <= 6)) throw wrongArguments(call);
  return value;
}

function wrongArguments(call: Call): SqlError {
  return new SqlError(1582, `Incorrect parameter count in the call to native function '${call.name}'`);
}
