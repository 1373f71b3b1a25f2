import { formatDecimal, rescale } from '../values/decimal.js';
import { parseDecimal } from '../values/number-text.js';
import type { Column, SqlType, Stored, Table } from './table.js';

const TEXT: SqlType = { kind: 'text', name: 'varchar', length: 512, binary: false };
const NUMBER: SqlType = { kind: 'integer', bits: 64, unsigned: true };

function table(name: string, texts: string[], numbers: string[] = []): Table {
  const column =
    (type: SqlType) =>
    (column: string): Column => ({
      name: column,
      type,
      declared: type.kind === 'text' ? 'varchar(512)' : 'bigint(21) unsigned',
      nullable: true,
      autoIncrement: false,
      onUpdateNow: false,
      comment: '',
    });
  const columns = [...texts.map(column(TEXT)), ...numbers.map(column(NUMBER))];
  return { schema: 'information_schema', name, columns, primaryKey: [], keys: [], foreignKeys: [] };
}

/** The tables of information_schema that exist here, with the columns of MySQL's that we can answer truthfully. */
export const INFORMATION_TABLES: Table[] = [
  table('TABLES', ['TABLE_SCHEMA', 'TABLE_NAME', 'TABLE_TYPE', 'ENGINE']),
  table(
    'COLUMNS',
    [
      'TABLE_SCHEMA',
      'TABLE_NAME',
      'COLUMN_NAME',
      'COLUMN_DEFAULT',
      'IS_NULLABLE',
      'DATA_TYPE',
      'COLUMN_TYPE',
      'COLUMN_KEY',
      'EXTRA',
      'COLUMN_COMMENT',
    ],
    [
      'ORDINAL_POSITION',
      'CHARACTER_MAXIMUM_LENGTH',
      'NUMERIC_PRECISION',
      'NUMERIC_SCALE',
      'DATETIME_PRECISION',
    ],
  ),
  table(
    'KEY_COLUMN_USAGE',
    [
      'CONSTRAINT_NAME',
      'TABLE_SCHEMA',
      'TABLE_NAME',
      'COLUMN_NAME',
      'REFERENCED_TABLE_SCHEMA',
      'REFERENCED_TABLE_NAME',
      'REFERENCED_COLUMN_NAME',
    ],
    ['ORDINAL_POSITION'],
  ),
  table(
    'STATISTICS',
    ['TABLE_SCHEMA', 'TABLE_NAME', 'INDEX_NAME', 'COLUMN_NAME'],
    ['NON_UNIQUE', 'SEQ_IN_INDEX'],
  ),
  table('TRIGGERS', [
    'TRIGGER_SCHEMA',
    'TRIGGER_NAME',
    'EVENT_MANIPULATION',
    'EVENT_OBJECT_TABLE',
    'ACTION_TIMING',
  ]),
];

const DIGITS = { 8: 3, 16: 5, 24: 7, 32: 10, 64: 19 };

/** The rows of each of those tables, in their columns' order. */
export function describe(tables: Table[]): Record<string, Stored[][]> {
  return {
    TABLES: tables.map(({ name }) => ['shop', name, 'BASE TABLE', 'InnoDB']),
    COLUMNS: tables.flatMap((owner) =>
      owner.columns.map((column, index) => describeColumn(owner, column, index + 1)),
    ),
    KEY_COLUMN_USAGE: tables.flatMap(describeKeys),
    // None can be made here.
    TRIGGERS: [],
    STATISTICS: tables.flatMap((owner) =>
      uniqueKeys(owner).flatMap(({ name, unique, columns }) =>
        columns.map((column, index) => ['shop', owner.name, name, column, unique ? 0 : 1, index + 1]),
      ),
    ),
  };
}

/** The primary key first, then the others. */
export function uniqueKeys(owner: Table): { name: string; unique: boolean; columns: string[] }[] {
  const primary =
    owner.primaryKey.length > 0 ? [{ name: 'PRIMARY', unique: true, columns: owner.primaryKey }] : [];
  return [...primary, ...owner.keys];
}

function describeColumn(owner: Table, column: Column, position: number): Stored[] {
  const { type } = column;
  const extra = column.autoIncrement
    ? 'auto_increment'
    : column.onUpdateNow
      ? 'on update current_timestamp()'
      : '';
  return [
    'shop',
    owner.name,
    column.name,
    describeDefault(column),
    column.nullable ? 'YES' : 'NO',
    column.declared.replace(/[ (].*$/s, ''),
    column.declared,
    describeKey(owner, column.name),
    extra,
    column.comment,
    position,
    type.kind === 'text' ? type.length : null,
    type.kind === 'integer'
      ? DIGITS[type.bits] + (type.bits === 64 && type.unsigned ? 1 : 0)
      : type.kind === 'decimal'
        ? type.precision
        : null,
    type.kind === 'integer' ? 0 : type.kind === 'decimal' ? type.scale : null,
    type.kind === 'datetime' ? type.digits : null,
  ];
}

/** As MariaDB shows it: texts quoted, numbers bare, `NULL` where null is the default. */
function describeDefault(column: Column): string | null {
  if (!column.default) return column.nullable ? 'NULL' : null;
  if (column.default.kind === 'now') return 'current_timestamp()';
  if (column.default.value === null) return 'NULL';
  if (column.type.kind === 'decimal') {
    const decimal = parseDecimal(column.default.value) ?? { units: 0n, scale: 0 };
    return formatDecimal({ units: rescale(decimal, column.type.scale), scale: column.type.scale });
  }
  return /^(?:integer|double)$/.test(column.type.kind)
    ? column.default.value
    : `'${column.default.value.replaceAll("'", "''")}'`;
}

function describeKey(owner: Table, name: string): string {
  const same = (other: string | undefined) => other?.toLowerCase() === name.toLowerCase();
  if (owner.primaryKey.some(same)) return 'PRI';
  if (owner.keys.some((key) => key.unique && key.columns.length === 1 && same(key.columns[0]))) return 'UNI';
  return owner.keys.some((key) => same(key.columns[0])) ? 'MUL' : '';
}

function describeKeys(owner: Table): Stored[][] {
  const keys = uniqueKeys(owner)
    .filter(({ unique }) => unique)
    .flatMap(({ name, columns }) =>
      columns.map((column, index) => [name, 'shop', owner.name, column, null, null, null, index + 1]),
    );
  const foreign = owner.foreignKeys.flatMap(({ name, columns, table: parent, referenced }) =>
    columns.map((column, index) => [
      name,
      'shop',
      owner.name,
      column,
      'shop',
      parent,
      referenced[index] ?? null,
      index + 1,
    ]),
  );
  return [...keys, ...foreign];
}
