import { SqlError } from '../errors.js';
import type { Column, SqlType, Stored } from '../schema/table.js';
import { formatDatetime, normaliseDatetime } from './datetime.js';
import { type Decimal, formatDecimal, parseDecimal, rescale } from './decimal.js';

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
      return toInteger(toDecimal(value, type, column, row), column, column.type, row);
    case 'decimal':
      return toDecimalUnits(toDecimal(value, type, column, row), column, column.type, row);
    case 'double':
      return Number(formatDecimal(toDecimal(value, type, column, row)));
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

function toDecimal(value: Stored, type: SqlType, column: Column, row: number): Decimal {
  if (type.kind === 'integer') return { units: whole(value), scale: 0 };
  if (type.kind === 'decimal') return { units: whole(value), scale: type.scale };
  const read = parseDecimal(String(value));
  if (read) return read;
  const wanted = column.type.kind === 'integer' ? 'integer' : column.type.kind;
  throw new SqlError(
    1366,
    `Incorrect ${wanted} value: '${String(value)}' for column 'shop'.'${column.name}' at row ${row}`,
  );
}

function outOfRange(column: Column, row: number): SqlError {
  return new SqlError(1264, `Out of range value for column '${column.name}' at row ${row}`);
}

function toInteger(
  decimal: Decimal,
  column: Column,
  type: { bits: number; unsigned: boolean },
  row: number,
): bigint {
  const value = rescale(decimal, 0);
  const bits = BigInt(type.bits);
  const [low, high] = type.unsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  // SQLite's integers are signed: the upper half of BIGINT UNSIGNED cannot be kept.
  if (value < low || value > high || value > 2n ** 63n - 1n) throw outOfRange(column, row);
  return value;
}

function toDecimalUnits(
  decimal: Decimal,
  column: Column,
  type: { precision: number; scale: number; unsigned: boolean },
  row: number,
): bigint {
  const units = rescale(decimal, type.scale);
  const magnitude = units < 0n ? -units : units;
  if (magnitude >= 10n ** BigInt(type.precision) || (type.unsigned && units < 0n))
    throw outOfRange(column, row);
  return units;
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
