import { Bindings, type Scope, type SessionFacts } from '../compile/scope.js';
import type { ResultColumn } from '../compile/select.js';
import type { Engine } from '../engine.js';
import { UniqueViolation } from '../engine.js';
import { SqlError } from '../errors.js';
import { uniqueKeys } from '../schema/information-schema.js';
import type { Schema } from '../schema/schema.js';
import { type Column, quoteName, type Stored, sqliteName, type Table } from '../schema/table.js';
import { fromMicros, normaliseDatetime } from '../values/datetime.js';
import { show, toColumn } from '../values/store.js';

export interface Context {
  engine: Engine;
  schema: Schema;
  session: SessionFacts & { foundRows: boolean };
}

export type Result =
  | { kind: 'rows'; columns: ResultColumn[]; rows: Stored[][] }
  | { kind: 'ok'; affectedRows: number; insertId: bigint; generated: boolean; info: string };

export function ok(affectedRows = 0, info = ''): Result {
  return { kind: 'ok', affectedRows, insertId: 0n, generated: false, info };
}

export function emptyScope({ schema, session }: Context, clause = 'field list'): Scope {
  return { sources: [], outer: null, schema, session, bindings: new Bindings(), inserted: null, clause };
}

/** What a column gets when nothing is given for it. Error 1364 when it has no default. */
export function defaultOf(column: Column, row = 1): Stored {
  if (column.default?.kind === 'now') return timeFor(column);
  if (column.default) {
    return toColumn(
      { value: column.default.value, type: { kind: 'text', name: 'text', length: 65_535, binary: false } },
      column,
      row,
    );
  }
  if (column.nullable) return null;
  throw new SqlError(1364, `Field '${column.name}' doesn't have a default value`);
}

/** The time now, with the digits that the column keeps (cut, as CURRENT_TIMESTAMP is). */
export function timeFor(column: Column): Stored {
  const digits = column.type.kind === 'datetime' ? column.type.digits : 0;
  const cut = fromMicros(BigInt(Date.now()) * 1000n).slice(0, 20 + digits);
  return normaliseDatetime(digits === 0 ? cut.slice(0, 19) : cut) ?? null;
}

/** Sets columns of one row; false when they already held these values. Columns that follow updates are set too. */
export function applyChanges(
  context: Context,
  table: Table,
  rowId: Stored,
  changes: Map<Column, Stored>,
): boolean {
  const columns = [...changes.keys()];
  const names = columns.map((column) => quoteName(column.name));
  const [old] = context.engine.rows(`SELECT ${names.join(', ')} FROM ${sqliteName(table)} WHERE rowid = ?1`, [
    rowId,
  ]);
  const same = (a: Stored | undefined, b: Stored | undefined) =>
    a === b || (a != null && b != null && String(a) === String(b));
  if (columns.every((column, index) => same(old?.[index], changes.get(column)))) return false;
  const followers = table.columns.filter((column) => column.onUpdateNow && !changes.has(column));
  const all = [...columns, ...followers];
  const values = all.map((column) => (changes.has(column) ? (changes.get(column) ?? null) : timeFor(column)));
  const set = all.map((column, index) => `${quoteName(column.name)} = ?${index + 2}`).join(', ');
  try {
    context.engine.run(`UPDATE ${sqliteName(table)} SET ${set} WHERE rowid = ?1`, [rowId, ...values]);
  } catch (error) {
    throw error instanceof UniqueViolation
      ? duplicateEntry(
          error,
          table,
          new Map(all.map((column, index) => [column.name, values[index] ?? null])),
        )
      : error;
  }
  return true;
}

/** Error 1062, with the value and the key's name, as MySQL words it. */
export function duplicateEntry(
  violation: UniqueViolation,
  table: Table,
  values: Map<string, Stored>,
): SqlError {
  const columns = violation.columns.map((name) => name.toLowerCase());
  const key = uniqueKeys(table).find(
    (candidate) =>
      candidate.unique &&
      candidate.columns.length === columns.length &&
      candidate.columns.every((name) => columns.includes(name.toLowerCase())),
  );
  const entry = (key?.columns ?? violation.columns).map((name) => {
    const column = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    const value = column ? values.get(column.name) : null;
    return value == null || !column ? 'NULL' : show(value, column.type);
  });
  return new SqlError(
    1062,
    `Duplicate entry '${entry.join('-')}' for key '${key?.name ?? violation.columns.join('-')}'`,
  );
}
