import { SqlError, unknownColumn } from '../errors.js';
import type { Schema } from '../schema/schema.js';
import type { Stored } from '../schema/table.js';
import { type Column, findColumn, quoteName, type Table } from '../schema/table.js';

/** The session's facts that expressions may ask for. */
export interface SessionFacts {
  connectionId: number;
  lastInsertId: bigint;
  variable(name: string): string | undefined;
}

export interface Source {
  alias: string;
  table: Table;
}

/** Collects the values that a compiled statement binds, as `?1`, `?2`… so that pieces may be put in any order. */
export class Bindings {
  readonly values: Stored[] = [];

  add(value: Stored): string {
    this.values.push(value);
    return `?${this.values.length}`;
  }
}

/** The tables that names refer to, innermost query first, and what else expressions need to compile. */
export interface Scope {
  sources: Source[];
  outer: Scope | null;
  schema: Schema;
  session: SessionFacts;
  bindings: Bindings;
  /** In ON DUPLICATE KEY UPDATE: the values that the row would have been inserted with. */
  inserted: Map<string, Stored> | null;
  /** For the message of an unknown column. */
  clause: string;
  /** Takes note of the columns that an expression reads. */
  onColumn?: (column: ResolvedColumn) => void;
}

export interface ResolvedColumn {
  sql: string;
  source: Source;
  column: Column;
}

export function resolveColumn(scope: Scope, tableName: string | null, name: string): ResolvedColumn {
  for (let level: Scope | null = scope; level; level = level.outer) {
    const found = level.sources.flatMap((source) => {
      if (tableName !== null && source.alias !== tableName) return [];
      const column = findColumn(source.table, name);
      return column ? [{ sql: `${quoteName(source.alias)}.${quoteName(column.name)}`, source, column }] : [];
    });
    if (found.length > 1) throw new SqlError(1052, `Column '${name}' in ${scope.clause} is ambiguous`);
    if (found[0]) {
      scope.onColumn?.(found[0]);
      return found[0];
    }
  }
  throw unknownColumn(tableName === null ? name : `${tableName}.${name}`, scope.clause);
}
