import { condition } from '../compile/expression.js';
import { clause, compileTables, scopeOf } from '../compile/select.js';
import { SqlError } from '../errors.js';
import { type Column, quoteName, type Stored, sqliteName, type Table } from '../schema/table.js';
import type { Statement } from '../sql/ast.js';
import { assignedValue, compileAssignments } from './assignments.js';
import { applyChanges, type Context, emptyScope, ok, type Result } from './context.js';

/**
 * UPDATE of one table or of several joined ones: all new values are worked out first, then each row that matched is
 * changed once. `affectedRows` counts rows whose values differ now; rows that matched with CLIENT_FOUND_ROWS.
 */
export function update(statement: Extract<Statement, { kind: 'update' }>, context: Context): Result {
  const scope = scopeOf(statement.from, emptyScope(context));
  const from = compileTables(statement.from, scope);
  const assignments = compileAssignments(statement.set, scope);
  const targets = [...new Set(assignments.map(({ target }) => target.source))];
  for (const { table } of targets) context.schema.writable({ schema: table.schema, name: table.name });
  const where = statement.where ? ` WHERE ${condition(statement.where, clause(scope, 'where clause'))}` : '';
  const list = [
    ...targets.map(({ alias }, index) => `${quoteName(alias)}.rowid AS r${index}`),
    ...assignments.map(({ sql }, index) => `${sql ?? 'NULL'} AS c${index}`),
  ].join(', ');
  const rows = context.engine.rows(`SELECT ${list}${from}${where}`, scope.bindings.values);

  const planned: { table: Table; rowId: Stored; changes: Map<Column, Stored> }[] = [];
  const seen = new Set<string>();
  for (const [rowIndex, row] of rows.entries()) {
    for (const [index, source] of targets.entries()) {
      const rowId = row[index] ?? null;
      const identity = `${source.alias}/${rowId}`;
      if (rowId === null || seen.has(identity)) continue;
      seen.add(identity);
      const changes = new Map<Column, Stored>();
      for (const [position, assignment] of assignments.entries()) {
        if (assignment.target.source !== source) continue;
        changes.set(
          assignment.target.column,
          assignedValue(assignment, row[targets.length + position] ?? null, rowIndex + 1),
        );
      }
      planned.push({ table: source.table, rowId, changes });
    }
  }
  const changed = planned.filter(({ table, rowId, changes }) =>
    applyChanges(context, table, rowId, changes),
  ).length;
  const affected = context.session.foundRows ? planned.length : changed;
  return ok(affected, `Rows matched: ${planned.length}  Changed: ${changed}  Warnings: 0`);
}

export function remove(statement: Extract<Statement, { kind: 'delete' }>, context: Context): Result {
  const table = context.schema.writable(statement.table);
  const scope = { ...emptyScope(context, 'where clause'), sources: [{ alias: table.name, table }] };
  const where = statement.where ? ` WHERE ${condition(statement.where, scope)}` : '';
  const sql = `DELETE FROM ${sqliteName(table)} AS ${quoteName(table.name)}${where}`;
  try {
    return ok(context.engine.run(sql, scope.bindings.values).changes);
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== 1452) throw error;
    throw new SqlError(1451, 'Cannot delete or update a parent row: a foreign key constraint fails');
  }
}
