import { SqlError } from '../errors.js';
import type { Column, SqlType, Stored } from '../schema/table.js';
import { formatDatetime, normaliseDatetime } from './datetime.js';
import { type Decimal, formatDecimal, rescale } from './decimal.js';
import { isWholeText, type ReadNumber, readDecimal, readDouble, readInteger } from './number-text.js';

/** A value of a known type, as expressions give it. */
export interface Typed {
  value: Stored;
  type: SqlType;
}

/**
 * Turns a value into what its column keeps, as MySQL in strict mode does: exact or an error, never cut short.
 * Errors: 1048 null, 1264 out of range, 1406 too long, 1265 not in the enum, 1366 not a number, 1292 not a time.
 */
export function toColumn({ value, type }: Typed, column: Column, row = 1): Stored {
  if (value === null) {
    if (!column.nullable) throw new SqlError(1048, `Column '${column.name}' cannot be null`);
    return null;
  }
  switch (column.type.kind) {
    case 'integer':
      return toInteger(value, type, column, column.type, row);
    case 'decimal':
      return toDecimalUnits(value, type, column, column.type, row);
    case 'double':
      return toDouble(value, type, column, row);
    case 'datetime':
      return toDatetime(value, type, column, column.type.digits, row);
    case 'date':
      return toDatetime(value, type, column, 0, row).slice(0, 10);
    case 'enum':
      return toEnum(show(value, type), column, column.type, row);
    case 'text':
      return toText(show(value, type), column, column.type.name, column.type.length, row);
    case 'json':
      return toJson(show(value, type), column);
    case 'null':
      return null;
  }
}

/** The exact number of a numeric value; undefined for what has to be read out of a text. */
function exactNumber(value: Stored, type: SqlType): Decimal | undefined {
  if (type.kind === 'integer') return { units: whole(value), scale: 0 };
  return type.kind === 'decimal' ? { units: whole(value), scale: type.scale } : undefined;
}

/** A text has to be a number as a whole. */
function insist(text: string, read: ReadNumber<unknown>, column: Column, row: number): void {
  if (isWholeText(text, read)) return;
  if (read.length > 0) throw new SqlError(1265, `Data truncated for column '${column.name}' at row ${row}`);
  throw new SqlError(
    1366,
    `Incorrect ${column.type.kind} value: '${text}' for column 'shop'.'${column.name}' at row ${row}`,
  );
}

function outOfRange(column: Column, row: number): SqlError {
  return new SqlError(1264, `Out of range value for column '${column.name}' at row ${row}`);
}

function toInteger(
  value: Stored,
  type: SqlType,
  column: Column,
  { bits, unsigned }: { bits: number; unsigned: boolean },
  row: number,
): bigint {
  const number = exactNumber(value, type);
  const read = number ? undefined : readInteger(String(value));
  const units = number ? rescale(number, 0) : read?.value;
  const size = BigInt(bits);
  const [low, high] = unsigned ? [0n, 2n ** size - 1n] : [-(2n ** (size - 1n)), 2n ** (size - 1n) - 1n];
  if (units === undefined || units < low || units > high) throw outOfRange(column, row);
  if (read) insist(String(value), read, column, row);
  // SQLite's integers are signed: the upper half of BIGINT UNSIGNED cannot be kept.
  if (units > 2n ** 63n - 1n) throw outOfRange(column, row);
  return units;
}

function toDecimalUnits(
  value: Stored,
  type: SqlType,
  column: Column,
  { precision, scale, unsigned }: { precision: number; scale: number; unsigned: boolean },
  row: number,
): bigint {
  const number = exactNumber(value, type);
  const read = number ? undefined : readDecimal(String(value));
  const units = rescale(number ?? read?.value ?? { units: 0n, scale: 0 }, scale);
  const magnitude = units < 0n ? -units : units;
  if (read && !read.overflows) insist(String(value), read, column, row);
  if (magnitude >= 10n ** BigInt(precision) || (unsigned && units < 0n)) throw outOfRange(column, row);
  return units;
}

function toDouble(value: Stored, type: SqlType, column: Column, row: number): number {
  const number = exactNumber(value, type);
  if (number) return Number(formatDecimal(number));
  if (typeof value === 'number') return value;
  const read = readDouble(String(value));
  if (!Number.isFinite(read.value)) throw outOfRange(column, row);
  insist(String(value), read, column, row);
  return read.value;
}

function toDatetime(value: Stored, type: SqlType, column: Column, digits: number, row: number): string {
  const text = String(value);
  const normal =
    type.kind === 'integer' || type.kind === 'decimal' ? undefined : normaliseDatetime(text, digits);
  if (normal) return normal;
  throw new SqlError(
    1292,
    `Incorrect datetime value: '${text}' for column 'shop'.'${column.name}' at row ${row}`,
  );
}

function toEnum(
  text: string,
  column: Column,
  type: { values: string[]; binary: boolean },
  row: number,
): string {
  const same = (value: string) => (type.binary ? value === text : value.toLowerCase() === text.toLowerCase());
  const found = type.values.find(same);
  if (found === undefined)
    throw new SqlError(1265, `Data truncated for column '${column.name}' at row ${row}`);
  return found;
}

function toText(text: string, column: Column, kind: string, length: number, row: number): string {
  // CHAR and VARCHAR count characters, the TEXT types bytes.
  const size = kind === 'char' || kind === 'varchar' ? [...text].length : Buffer.byteLength(text);
  if (size > length) throw new SqlError(1406, `Data too long for column '${column.name}' at row ${row}`);
  return kind === 'char' ? text.trimEnd() : text;
}

function toJson(text: string, column: Column): string {
  try {
    JSON.parse(text);
  } catch {
    throw new SqlError(4025, `CONSTRAINT \`${column.name}\` failed for 'shop': the value is not valid JSON`);
  }
  return text;
}

/** A value as MySQL writes it in text, as sent to clients. */
export function show(value: Exclude<Stored, null>, type: SqlType): string {
  if (type.kind === 'integer') return whole(value).toString();
  if (type.kind === 'decimal') return formatDecimal({ units: whole(value), scale: type.scale });
  if (type.kind === 'datetime') return formatDatetime(String(value), type.digits);
  return String(value);
}

/** SQLite turns an integer that outgrows 64 bits into a rounded double: then the exact value is lost. */
function whole(value: Stored): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new SqlError(1690, `BIGINT value is out of range in '${String(value)}'`);
}
