import { compileExpression } from '../compile/expression.js';
import { type ResolvedColumn, resolveColumn, type Scope } from '../compile/scope.js';
import { SqlError, unknownColumn, unsupported } from '../errors.js';
import type { Column, SqlType, Stored } from '../schema/table.js';
import type { Assignment } from '../sql/ast.js';
import { toColumn } from '../values/store.js';
import { defaultOf } from './context.js';

export interface CompiledAssignment {
  target: ResolvedColumn;
  /** Null for DEFAULT. */
  sql: string | null;
  type: SqlType;
}

/**
 * Compiles `SET a = …, b = …`. MySQL sees assignments to the left when it evaluates one (and promises nothing across
 * tables), SQL's standard does not: an expression for which that matters is refused.
 */
export function compileAssignments(assignments: Assignment[], scope: Scope): CompiledAssignment[] {
  const assigned: ResolvedColumn[] = [];
  return assignments.map((assignment) => {
    const target = resolveColumn({ ...scope, outer: null }, assignment.table, assignment.column);
    if (assigned.some(({ sql }) => sql === target.sql))
      throw unsupported(`two assignments to ${assignment.column}`);
    const onColumn = (read: ResolvedColumn) => {
      if (assigned.some(({ sql }) => sql === read.sql)) {
        throw unsupported(`an assignment that reads ${read.column.name} after it was assigned`);
      }
    };
    const compiled = assignment.value && compileExpression(assignment.value, { ...scope, onColumn });
    assigned.push(target);
    return { target, sql: compiled?.sql ?? null, type: compiled?.type ?? { kind: 'null' } };
  });
}

/** What the target column keeps, from the value that the compiled expression gave. */
export function assignedValue({ target, sql, type }: CompiledAssignment, value: Stored, row: number): Stored {
  return sql === null ? defaultOf(target.column, row) : toColumn({ value, type }, target.column, row);
}

/** The columns that INSERT names, in its order. */
export function namedColumns(names: string[], columns: Column[]): Column[] {
  const found = names.map((name) => {
    const column = columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (!column) throw unknownColumn(name, 'field list');
    return column;
  });
  const twice = found.find((column, index) => found.indexOf(column) !== index);
  if (twice) throw new SqlError(1110, `Column '${twice.name}' specified twice`);
  return found;
}
