import type { Row, Transaction } from '../shared/database/database.js';

/** A column as information_schema describes it. */
export interface ColumnFacts {
  name: string;
  /** Lower case: `varchar`. */
  dataType: string;
  /** `enum('a','b')`. */
  columnType: string;
  length: number | null;
  /** NOT NULL, and the database gives no value by itself. */
  required: boolean;
  nullable: boolean;
  generated: boolean;
  autoIncrement: boolean;
}

// The aliases matter: MySQL 8 names the columns of information_schema in capitals, MariaDB as they are written.
const COLUMNS = `SELECT COLUMN_NAME AS name, DATA_TYPE AS data_type, COLUMN_TYPE AS column_type, IS_NULLABLE AS nullable,
    COLUMN_DEFAULT AS default_value, EXTRA AS extra, CHARACTER_MAXIMUM_LENGTH AS length
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`;

/** The columns of a table; empty when it does not exist. */
export async function columnsOf(transaction: Transaction, table: string): Promise<ColumnFacts[]> {
  return (await transaction.rows(COLUMNS, [table])).map(facts);
}

function facts(row: Row): ColumnFacts {
  const extra = (row.extra ?? '').toLowerCase();
  const autoIncrement = extra.includes('auto_increment');
  const generated = /generated|virtual|persistent|stored/.test(extra) && !extra.includes('default_generated');
  return {
    name: row.name ?? '',
    dataType: (row.data_type ?? '').toLowerCase(),
    columnType: row.column_type ?? '',
    length: row.length === null || row.length === undefined ? null : Number(row.length),
    required: row.nullable === 'NO' && row.default_value === null && !autoIncrement && !generated,
    nullable: row.nullable === 'YES',
    generated,
    autoIncrement,
  };
}

/** Which of the tables exist, with their storage engines. */
export async function enginesOf(transaction: Transaction, tables: string[]): Promise<Map<string, string>> {
  const rows = await transaction.rows(
    'SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?)',
    [tables],
  );
  return new Map(rows.map((row) => [row.name ?? '', row.engine ?? '']));
}

/** The names of the columns of tables, in lower case. */
export async function columnNamesOf(
  transaction: Transaction,
  tables: readonly string[],
): Promise<Map<string, Set<string>>> {
  const rows = await transaction.rows(
    'SELECT TABLE_NAME AS name, COLUMN_NAME AS column_name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?)',
    [[...tables]],
  );
  const found = new Map<string, Set<string>>();
  for (const { name, column_name: column } of rows)
    found.set(name ?? '', (found.get(name ?? '') ?? new Set()).add((column ?? '').toLowerCase()));
  return found;
}

/** The indexes of tables, each as its columns in order, in lower case. */
export async function keysOf(
  transaction: Transaction,
  tables: string[],
  which: 'all' | 'unique' = 'all',
): Promise<Map<string, string[][]>> {
  const rows = await transaction.rows(
    `SELECT TABLE_NAME AS name, INDEX_NAME AS index_name, COLUMN_NAME AS column_name FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?) ${which === 'unique' ? 'AND NON_UNIQUE = 0' : ''} ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
    [tables],
  );
  const found = new Map<string, Map<string, string[]>>();
  for (const { name, index_name: index, column_name: column } of rows) {
    const indexes = found.get(name ?? '') ?? new Map<string, string[]>();
    found.set(name ?? '', indexes);
    indexes.set(index ?? '', [...(indexes.get(index ?? '') ?? []), (column ?? '').toLowerCase()]);
  }
  return new Map([...found].map(([name, indexes]) => [name, [...indexes.values()]]));
}

export interface Reference {
  constraint: string;
  column: string;
  table: string;
  referenced: string;
}

export async function referencesOf(transaction: Transaction, table: string): Promise<Reference[]> {
  const rows = await transaction.rows(
    `SELECT CONSTRAINT_NAME AS constraint_name, COLUMN_NAME AS column_name,
       REFERENCED_TABLE_NAME AS parent, REFERENCED_COLUMN_NAME AS parent_column
     FROM information_schema.KEY_COLUMN_USAGE
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND REFERENCED_TABLE_NAME IS NOT NULL`,
    [table],
  );
  return rows.map((row) => ({
    constraint: row.constraint_name ?? '',
    column: row.column_name ?? '',
    table: row.parent ?? '',
    referenced: row.parent_column ?? '',
  }));
}

export interface Trigger {
  table: string;
  name: string;
  /** `AFTER UPDATE`. */
  when: string;
}

/** Those that the user may see: it takes the privilege TRIGGER on the table. */
export async function triggersOf(transaction: Transaction, tables: readonly string[]): Promise<Trigger[]> {
  const rows = await transaction.rows(
    `SELECT EVENT_OBJECT_TABLE AS table_name, TRIGGER_NAME AS name, ACTION_TIMING AS timing, EVENT_MANIPULATION AS event
     FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE IN (?) ORDER BY EVENT_OBJECT_TABLE, TRIGGER_NAME`,
    [[...tables]],
  );
  return rows.map((row) => ({
    table: row.table_name ?? '',
    name: row.name ?? '',
    when: `${row.timing} ${row.event}`,
  }));
}

/** The labels of an enum or set, from its COLUMN_TYPE. */
export function labelsOf(columnType: string): string[] {
  return [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map((match) =>
    (match[1] as string).replaceAll("''", "'"),
  );
}
