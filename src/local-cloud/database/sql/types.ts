import { SqlError, unsupported } from '../errors.js';
import type { SqlType } from '../schema/table.js';
import type { Cursor } from './cursor.js';

const INTEGERS: Record<string, { bits: 8 | 16 | 24 | 32 | 64; width: number; unsignedWidth: number }> = {
  TINYINT: { bits: 8, width: 4, unsignedWidth: 3 },
  SMALLINT: { bits: 16, width: 6, unsignedWidth: 5 },
  MEDIUMINT: { bits: 24, width: 9, unsignedWidth: 8 },
  INT: { bits: 32, width: 11, unsignedWidth: 10 },
  INTEGER: { bits: 32, width: 11, unsignedWidth: 10 },
  BIGINT: { bits: 64, width: 20, unsignedWidth: 20 },
};
const TEXTS: Record<string, number> = {
  TINYTEXT: 255,
  TEXT: 65_535,
  MEDIUMTEXT: 16_777_215,
  LONGTEXT: 4_294_967_295,
};
/** Decimals are kept as 64-bit integers, which hold any 18 digits. */
const LARGEST_PRECISION = 18;

/** A column's type, and how information_schema's COLUMN_TYPE shows it. */
export function parseType(cursor: Cursor): { type: SqlType; declared: string } {
  const name = cursor.identifier().toUpperCase();
  const integer = INTEGERS[name];
  if (integer) return parseInteger(cursor, name, integer);
  if (name === 'BOOLEAN' || name === 'BOOL') {
    return { type: { kind: 'integer', bits: 8, unsigned: false }, declared: 'tinyint(1)' };
  }
  if (name === 'DECIMAL' || name === 'NUMERIC') return parseDecimal(cursor);
  if (name === 'DOUBLE') return { type: { kind: 'double' }, declared: 'double' };
  if (name === 'CHAR' || name === 'VARCHAR') return parseCharacters(cursor, name);
  if (TEXTS[name] !== undefined) {
    const text = name.toLowerCase() as 'text';
    return {
      type: { kind: 'text', name: text, length: TEXTS[name], binary: parseCollation(cursor) },
      declared: text,
    };
  }
  if (name === 'ENUM') {
    const values = cursor.parenthesised(() => cursor.string());
    const declared = `enum(${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(',')})`;
    return { type: { kind: 'enum', values, binary: parseCollation(cursor) }, declared };
  }
  if (name === 'DATETIME' || name === 'TIMESTAMP') {
    const digits = cursor.isSymbol('(') ? Number(cursor.parenthesised(() => cursor.integer())[0]) : 0;
    if (digits > 6) throw new SqlError(1426, `Too big precision ${digits} specified. Maximum is 6`);
    const kind = name.toLowerCase() as 'datetime';
    return { type: { kind: 'datetime', name: kind, digits }, declared: digits ? `${kind}(${digits})` : kind };
  }
  if (name === 'DATE') return { type: { kind: 'date' }, declared: 'date' };
  if (name === 'JSON') return { type: { kind: 'json' }, declared: 'longtext' };
  throw unsupported(`columns of type ${name}`);
}

function parseInteger(
  cursor: Cursor,
  name: string,
  { bits, width, unsignedWidth }: { bits: 8 | 16 | 24 | 32 | 64; width: number; unsignedWidth: number },
) {
  const written = cursor.isSymbol('(') ? cursor.parenthesised(() => cursor.integer())[0] : undefined;
  const unsigned = cursor.accept('UNSIGNED');
  if (cursor.isWord('ZEROFILL')) throw unsupported('ZEROFILL');
  const shown = written ?? String(unsigned ? unsignedWidth : width);
  const base = name === 'INTEGER' ? 'int' : name.toLowerCase();
  const type: SqlType = { kind: 'integer', bits, unsigned };
  return { type, declared: `${base}(${shown})${unsigned ? ' unsigned' : ''}` };
}

function parseDecimal(cursor: Cursor) {
  const sizes = cursor.isSymbol('(') ? cursor.parenthesised(() => Number(cursor.integer())) : [];
  const [precision = 10, scale = 0] = sizes;
  if (precision > LARGEST_PRECISION) throw unsupported(`DECIMAL of more than ${LARGEST_PRECISION} digits`);
  const unsigned = cursor.accept('UNSIGNED');
  const type: SqlType = { kind: 'decimal', precision, scale, unsigned };
  return { type, declared: `decimal(${precision},${scale})${unsigned ? ' unsigned' : ''}` };
}

function parseCharacters(cursor: Cursor, name: 'CHAR' | 'VARCHAR') {
  const length = cursor.isSymbol('(') ? Number(cursor.parenthesised(() => cursor.integer())[0]) : 1;
  const kind = name.toLowerCase() as 'char' | 'varchar';
  const type: SqlType = { kind: 'text', name: kind, length, binary: parseCollation(cursor) };
  return { type, declared: `${kind}(${length})` };
}

/** CHARACTER SET and COLLATE of a column. True when the collation is binary, that is, compares with case. */
export function parseCollation(cursor: Cursor): boolean {
  let binary = false;
  for (;;) {
    if (cursor.accept('CHARACTER', 'SET') || cursor.accept('CHARSET')) cursor.identifier();
    else if (cursor.accept('COLLATE')) binary = /_bin$/i.test(cursor.identifier());
    else return binary;
  }
}
