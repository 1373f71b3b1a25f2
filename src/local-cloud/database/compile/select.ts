import { SqlError, unknownTable, unsupported } from '../errors.js';
import { quoteName, type SqlType, sqliteName } from '../schema/table.js';
import type { Order, Select, SelectItem, TableReference } from '../sql/ast.js';
import { type Compiled, compileExpression, condition } from './expression.js';
import type { Scope, Source } from './scope.js';

export interface ResultColumn {
  name: string;
  type: SqlType;
  table: string;
}

export interface CompiledSelect {
  sql: string;
  columns: ResultColumn[];
}

/** Translates a SELECT. Its columns are named `c0`, `c1`… in SQLite, so that equal names stay apart. */
export function compileSelect(select: Select, outer: Scope): CompiledSelect {
  const scope = scopeOf(select.from, outer);
  const from = compileTables(select.from, scope);
  const items = select.items.flatMap((item) => expand(item, scope));
  const where = select.where ? ` WHERE ${condition(select.where, clause(scope, 'where clause'))}` : '';
  const groupBy = select.groupBy.map((item) => compileExpression(item, clause(scope, 'group statement')).sql);
  const having = select.having ? ` HAVING ${condition(select.having, clause(scope, 'having clause'))}` : '';
  const orderBy = select.orderBy.map((order) => compileOrder(order, select.items, items, scope));
  const limit = select.limit ? ` LIMIT ${select.limit.count} OFFSET ${select.limit.offset}` : '';
  const list = items.map(({ compiled }, index) => `${compiled.sql} AS c${index}`).join(', ');
  const sql =
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${from}${where}` +
    `${groupBy.length ? ` GROUP BY ${groupBy.join(', ')}` : ''}${having}` +
    `${orderBy.length ? ` ORDER BY ${orderBy.join(', ')}` : ''}${limit}`;
  return { sql, columns: items.map(({ name, table, compiled }) => ({ name, table, type: compiled.type })) };
}

export function scopeOf(from: TableReference[], outer: Scope): Scope {
  const sources: Source[] = from.map((reference) => {
    const table = outer.schema.find(reference.schema, reference.name);
    if (!table) throw unknownTable(reference.name);
    return { alias: reference.alias, table };
  });
  const aliases = sources.map((source) => source.alias.toLowerCase());
  const twice = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
  if (twice !== undefined) throw new SqlError(1066, `Not unique table/alias: '${twice}'`);
  return { ...outer, sources, outer: outer.sources.length > 0 ? outer : null, clause: 'field list' };
}

export function clause(scope: Scope, name: string): Scope {
  return { ...scope, clause: name };
}

export function compileTables(from: TableReference[], scope: Scope): string {
  const parts = from.map((reference, index) => {
    const source = scope.sources[index] as Source;
    const table = `${sqliteName(source.table)} AS ${quoteName(source.alias)}`;
    if (index === 0) return ` FROM ${table}`;
    const visible = clause({ ...scope, sources: scope.sources.slice(0, index + 1) }, 'on clause');
    const on = reference.on ? ` ON ${condition(reference.on, visible)}` : '';
    return ` ${reference.join === 'left' ? 'LEFT' : 'INNER'} JOIN ${table}${on}`;
  });
  return parts.join('');
}

interface Item {
  name: string;
  table: string;
  compiled: Compiled;
}

function expand(item: SelectItem, scope: Scope): Item[] {
  if (item.expression) {
    const table = item.expression.kind === 'column' ? (item.expression.table ?? '') : '';
    return [{ name: item.name, table, compiled: compileExpression(item.expression, scope) }];
  }
  const sources = scope.sources.filter((source) => item.table === null || source.alias === item.table);
  if (sources.length === 0)
    throw item.table === null ? new SqlError(1096, 'No tables used') : unknownTable(item.table);
  return sources.flatMap((source) =>
    source.table.columns.map((column) => ({
      name: column.name,
      table: source.alias,
      compiled: { sql: `${quoteName(source.alias)}.${quoteName(column.name)}`, type: column.type },
    })),
  );
}

/** An alias of the list wins over a column of the same name, as in MySQL. */
function compileOrder(order: Order, items: SelectItem[], compiled: Item[], scope: Scope): string {
  const { expression } = order;
  const index =
    expression.kind === 'column' && expression.table === null
      ? items.findIndex(
          (item) => item.expression && item.name.toLowerCase() === expression.name.toLowerCase(),
        )
      : -1;
  const target = index >= 0 && items.length === compiled.length ? compiled[index]?.compiled : undefined;
  const { sql, type } = target ?? compileExpression(expression, clause(scope, 'order clause'));
  if (type.kind === 'enum') throw unsupported('ORDER BY an enum: MySQL orders it by position');
  return `${sql}${order.descending ? ' DESC' : ''}`;
}
