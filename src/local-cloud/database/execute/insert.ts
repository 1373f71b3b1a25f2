import { compileExpression } from '../compile/expression.js';
import { UniqueViolation } from '../engine.js';
import { SqlError } from '../errors.js';
import { uniqueKeys } from '../schema/information-schema.js';
import { type Column, quoteName, type Stored, sqliteName, type Table } from '../schema/table.js';
import type { Assignment, Expression, Statement } from '../sql/ast.js';
import { toColumn } from '../values/store.js';
import { assignedValue, compileAssignments, namedColumns } from './assignments.js';
import { applyChanges, type Context, defaultOf, duplicateEntry, emptyScope, type Result } from './context.js';

type Insert = Extract<Statement, { kind: 'insert' }>;
type Values = Map<string, Stored>;

/** INSERT, with IGNORE (of duplicates: other errors stay errors) and ON DUPLICATE KEY UPDATE. */
export function insert(statement: Insert, context: Context): Result {
  const table = context.schema.writable(statement.table);
  const columns = namedColumns(statement.columns, table.columns);
  const result = { kind: 'ok' as const, affectedRows: 0, insertId: 0n, generated: false, info: '' };
  for (const [index, row] of statement.rows.entries()) {
    if (row.length !== columns.length)
      throw new SqlError(1136, `Column count doesn't match value count at row ${index + 1}`);
    const values = rowValues(context, table, columns, row, index + 1);
    const written = write(context, table, values, statement);
    result.affectedRows += written.affectedRows;
    if (written.id === null || result.insertId !== 0n) continue;
    result.insertId = written.id;
    result.generated = written.generated;
  }
  return result;
}

function rowValues(
  context: Context,
  table: Table,
  columns: Column[],
  row: (Expression | null)[],
  number: number,
): Values {
  const given = evaluate(context, row);
  const values: Values = new Map();
  for (const column of table.columns) {
    const typed = given[columns.indexOf(column)];
    if (column.autoIncrement && (!typed || typed.value === null || String(typed.value) === '0'))
      values.set(column.name, null);
    else values.set(column.name, typed ? toColumn(typed, column, number) : defaultOf(column, number));
  }
  return values;
}

/** Undefined for DEFAULT. */
function evaluate(context: Context, row: (Expression | null)[]) {
  const scope = emptyScope(context);
  const compiled = row.map((expression) => expression && compileExpression(expression, scope));
  const list = compiled.map((item, index) => `${item?.sql ?? 'NULL'} AS c${index}`).join(', ');
  const values = context.engine.rows(`SELECT ${list}`, scope.bindings.values)[0] ?? [];
  return compiled.map((item, index) =>
    item ? { value: values[index] ?? null, type: item.type } : undefined,
  );
}

interface Written {
  affectedRows: number;
  /** The row's AUTO_INCREMENT value, if the table has one. */
  id: bigint | null;
  generated: boolean;
}

function write(context: Context, table: Table, values: Values, { ignore, onDuplicate }: Insert): Written {
  const names = [...values.keys()].map(quoteName).join(', ');
  const holes = [...values.keys()].map((_, index) => `?${index + 1}`).join(', ');
  try {
    const { rowId } = context.engine.run(`INSERT INTO ${sqliteName(table)} (${names}) VALUES (${holes})`, [
      ...values.values(),
    ]);
    const auto = table.columns.find((column) => column.autoIncrement);
    return {
      affectedRows: 1,
      id: auto ? rowId : null,
      generated: auto !== undefined && values.get(auto.name) === null,
    };
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    if (onDuplicate) return update(context, table, values, onDuplicate);
    if (ignore) return { affectedRows: 0, id: null, generated: false };
    throw duplicateEntry(error, table, values);
  }
}

/** MySQL counts 2 for a row that an insert changed; for one that it left as it was, 0, or 1 with CLIENT_FOUND_ROWS. */
function update(context: Context, table: Table, values: Values, assignments: Assignment[]): Written {
  const rowId = conflicting(context, table, values);
  const scope = { ...emptyScope(context), sources: [{ alias: table.name, table }], inserted: values };
  const compiled = compileAssignments(assignments, scope);
  const list = compiled.map(({ sql }, index) => `${sql ?? 'NULL'} AS c${index}`).join(', ');
  const where = `${quoteName(table.name)}.rowid = ${scope.bindings.add(rowId)}`;
  const from = `${sqliteName(table)} AS ${quoteName(table.name)}`;
  const [row = []] = context.engine.rows(`SELECT ${list} FROM ${from} WHERE ${where}`, scope.bindings.values);
  const changes = new Map(
    compiled.map((item, index) => [item.target.column, assignedValue(item, row[index] ?? null, 1)]),
  );
  const auto = table.columns.some((column) => column.autoIncrement);
  if (!applyChanges(context, table, rowId, changes)) {
    return { affectedRows: context.session.foundRows ? 1 : 0, id: null, generated: false };
  }
  return { affectedRows: 2, id: auto ? BigInt(rowId ?? 0) : null, generated: false };
}

function conflicting(context: Context, table: Table, values: Values): Stored {
  for (const key of uniqueKeys(table)) {
    if (!key.unique) continue;
    const columns = key.columns.map((name) =>
      table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()),
    );
    const wanted = columns.map((column) => (column ? (values.get(column.name) ?? null) : null));
    if (wanted.includes(null)) continue;
    const where = columns
      .map((column, index) => `${quoteName((column as Column).name)} = ?${index + 1}`)
      .join(' AND ');
    const found = context.engine.rows(`SELECT rowid FROM ${sqliteName(table)} WHERE ${where}`, wanted)[0];
    if (found) return found[0] ?? null;
  }
  throw new Error(`no row of ${table.name} conflicts with the one that could not be inserted`);
}
