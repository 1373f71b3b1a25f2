/** What a column was declared as, in MySQL's terms. How values are kept in SQLite: see `values/stored.ts`. */
export type SqlType =
  | { kind: 'integer'; bits: 8 | 16 | 24 | 32 | 64; unsigned: boolean }
  | { kind: 'decimal'; precision: number; scale: number; unsigned: boolean }
  | { kind: 'double' }
  | {
      kind: 'text';
      name: 'char' | 'varchar' | 'tinytext' | 'text' | 'mediumtext' | 'longtext';
      length: number;
      binary: boolean;
    }
  | { kind: 'enum'; values: string[]; binary: boolean }
  | { kind: 'datetime'; name: 'datetime' | 'timestamp'; digits: number }
  | { kind: 'date' }
  | { kind: 'json' }
  | { kind: 'null' };

/**
 * A value as it stands in SQLite: integers as integers; decimals as integers of 10^-scale (so arithmetic and order
 * are exact); datetimes as `YYYY-MM-DD HH:MM:SS.ffffff`; everything else as text; doubles as doubles.
 */
export type Stored = string | number | bigint | null;

export interface Column {
  name: string;
  type: SqlType;
  /** As information_schema's COLUMN_TYPE shows it: `decimal(10,2)`. */
  declared: string;
  nullable: boolean;
  autoIncrement: boolean;
  /** Undefined: none. A literal as written, unescaped; or the time of the statement. */
  default?: { kind: 'literal'; value: string | null } | { kind: 'now' };
  onUpdateNow: boolean;
  comment: string;
}

export interface Key {
  name: string;
  unique: boolean;
  columns: string[];
}

export interface ForeignKey {
  name: string;
  columns: string[];
  table: string;
  referenced: string[];
  onDelete: 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'NO ACTION';
}

export interface Table {
  schema: 'shop' | 'information_schema';
  name: string;
  columns: Column[];
  primaryKey: string[];
  keys: Key[];
  foreignKeys: ForeignKey[];
}

/** Column names are compared without case, as MySQL does. */
export function findColumn(table: Table, name: string): Column | undefined {
  const wanted = name.toLowerCase();
  return table.columns.find((column) => column.name.toLowerCase() === wanted);
}

/** A SQLite identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The SQLite table that holds a MySQL table's rows. */
export function sqliteName(table: Table): string {
  return quoteName(table.schema === 'shop' ? table.name : `${table.schema}.${table.name}`);
}
