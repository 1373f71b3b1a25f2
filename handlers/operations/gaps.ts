import type { Transaction } from '../shared/database/database.js';
import { columnNamesOf, enginesOf, keysOf } from './catalog.js';
import { type Column, MIGRATIONS, MIGRATIONS_TABLE_NAME, type Migration } from './migrations.js';

/** What a migration makes and is not there: it was never run, or somebody dropped it. */
export interface Gap {
  migration: Migration;
  /** Whether the table of migrations names it: what is there of its table is ours then. */
  recorded: boolean;
  /** The table itself; then all else of it is missing too. */
  table: boolean;
  columns: Column[];
  primaryKey: boolean;
  /** Names of indexes. */
  keys: string[];
}

/** The migrations that are to be run, in order: those that are not recorded, and those of which something is gone. */
export async function gapsOf(transaction: Transaction): Promise<Gap[]> {
  const tables = [...new Set(MIGRATIONS.map(({ table }) => table))];
  const present = await enginesOf(transaction, [MIGRATIONS_TABLE_NAME, ...tables]);
  const recorded = new Set(
    present.has(MIGRATIONS_TABLE_NAME) ? await appliedMigrations(transaction) : undefined,
  );
  const columns = await columnNamesOf(transaction, tables);
  const keys = await keysOf(transaction, tables);
  return MIGRATIONS.map((migration): Gap => {
    const { name, table, primaryKey, keys: wanted = {} } = migration;
    const has = columns.get(table) ?? new Set();
    const indexes = keys.get(table) ?? [];
    return {
      migration,
      recorded: recorded.has(name),
      table: !present.has(table),
      columns: migration.columns.filter((column) => !has.has(column.name)),
      primaryKey: primaryKey !== undefined && !indexes.some((index) => isSame(index, primaryKey)),
      keys: Object.keys(wanted).filter((key) => !indexes.some((index) => begins(index, wanted[key] ?? []))),
    };
  }).filter(
    (gap) => !gap.recorded || gap.table || gap.columns.length > 0 || gap.primaryKey || gap.keys.length > 0,
  );
}

export async function appliedMigrations(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.rows(`SELECT name FROM ${MIGRATIONS_TABLE_NAME} ORDER BY name`);
  return rows.map((row) => row.name ?? '');
}

/** What is gone of a migration that was run, for a person: "column stripe_events.outcome". */
export function lostParts({ migration: { table, primaryKey }, ...gap }: Gap): string[] {
  // Said once, of the migration that makes it.
  if (gap.table) return primaryKey ? [`table ${table}`] : [];
  return [
    ...gap.columns.map(({ name }) => `column ${table}.${name}`),
    ...(gap.primaryKey ? [`primary key of ${table}`] : []),
    ...gap.keys.map((name) => `index ${table}.${name}`),
  ];
}

/** Whatever it is called, an index that begins with the columns serves. */
const begins = (index: readonly string[], columns: readonly string[]) =>
  columns.every((column, position) => index[position] === column);
const isSame = (index: readonly string[], columns: readonly string[]) =>
  index.length === columns.length && begins(index, columns);
