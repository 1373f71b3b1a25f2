import { randomBytes, randomUUID } from 'node:crypto';
import type { Transaction, Value } from '../shared/database/database.js';
import { type ColumnFacts, columnsOf, labelsOf, type Reference, referencesOf } from './catalog.js';
import { RequestError } from './request-error.js';

/** A row that was made for a test order: enough to find and delete it. */
export interface InsertedRow {
  table: string;
  column: string;
  value: string;
}

/** How far parents of parents are followed. */
const DEPTH = 4;
const INTEGERS = new Set([
  'tinyint',
  'smallint',
  'mediumint',
  'int',
  'bigint',
  'bit',
  'decimal',
  'numeric',
  'float',
  'double',
  'year',
]);
/** Long past, so that no shop shows it. */
const DAY = '2000-01-01';

/**
 * Makes one row with the values given, and neutral ones for what the table's other columns require: zeros, empty
 * documents, dates long past, the first label of an enum, a text that names the run. A required reference gets a
 * parent row of its own, made the same way. What it makes is added to `made`, parents first. Returns the row's id.
 * @throws RequestError REQUIRED_COLUMN naming the column that it cannot fill
 */
export async function insertPlaceholder(
  transaction: Transaction,
  table: string,
  given: Record<string, Value>,
  run: string,
  made: InsertedRow[],
  depth = 0,
): Promise<string> {
  const columns = await columnsOf(transaction, table);
  const references = await referencesOf(transaction, table);
  const known = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const values = new Map<string, Value>();
  for (const [name, value] of Object.entries(given)) if (known.has(name)) values.set(name, value);
  for (const column of columns) {
    const name = column.name.toLowerCase();
    if (values.has(name)) continue;
    const isKey = name === 'id' && !column.autoIncrement;
    if (!column.required && !isKey) continue;
    const reference = referenceOf(references, column, table);
    if (reference) values.set(name, await makeParent(transaction, table, reference, run, made, depth));
    else values.set(name, isKey ? newId(table, column) : neutralValue(table, column, run));
  }
  const names = [...values.keys()].map((name) => `\`${known.get(name)?.name}\``).join(', ');
  const { insertId } = await transaction.change(
    `INSERT INTO \`${table}\` (${names}) VALUES (${[...values.keys()].map(() => '?').join(', ')})`,
    [...values.values()],
  );
  const id = values.has('id') ? String(values.get('id')) : String(insertId);
  made.push({ table, column: 'id', value: id });
  return id;
}

function referenceOf(references: Reference[], column: ColumnFacts, table: string): Reference | undefined {
  const own = references.find((reference) => reference.column.toLowerCase() === column.name.toLowerCase());
  if (!own) return undefined;
  if (references.filter((reference) => reference.constraint === own.constraint).length > 1) {
    throw cannotFill(table, column, 'it belongs to a reference of several columns');
  }
  return own;
}

async function makeParent(
  transaction: Transaction,
  table: string,
  reference: Reference,
  run: string,
  made: InsertedRow[],
  depth: number,
): Promise<string> {
  if (depth >= DEPTH || reference.table === table || reference.referenced.toLowerCase() !== 'id') {
    throw new RequestError(
      'REQUIRED_COLUMN',
      `A test order needs ${table}.${reference.column}, which refers to ${reference.table}.${reference.referenced}; a row there cannot be made up. Give the column a default, or let it be NULL.`,
    );
  }
  return insertPlaceholder(transaction, reference.table, {}, run, made, depth + 1);
}

/** A key that the database does not make itself. */
function newId(table: string, column: ColumnFacts): string {
  const { dataType, length } = column;
  if (dataType === 'uuid' || (isText(dataType) && (length ?? 0) >= 36)) return randomUUID();
  if (isText(dataType) && (length ?? 0) >= 16)
    return randomBytes(16).toString('hex').slice(0, Number(length));
  throw cannotFill(table, column, `a new key of type ${column.columnType} cannot be made up`);
}

function neutralValue(table: string, column: ColumnFacts, run: string): Value {
  const { dataType, columnType, length } = column;
  if (INTEGERS.has(dataType)) return dataType === 'year' ? 2000 : 0;
  if (dataType === 'enum' || dataType === 'set') return labelsOf(columnType)[0] ?? '';
  if (dataType === 'date') return DAY;
  if (dataType === 'datetime' || dataType === 'timestamp') return `${DAY} 12:00:00`;
  if (dataType === 'time') return '00:00:00';
  if (dataType === 'uuid') return randomUUID();
  // MariaDB's JSON is a LONGTEXT that must hold JSON.
  if (dataType === 'json' || dataType === 'longtext') return '{}';
  if (isText(dataType)) return `cachao-test-${run}`.slice(0, length ?? undefined);
  throw cannotFill(table, column, `no neutral value of type ${columnType} is known`);
}

function isText(dataType: string): boolean {
  return /^(?:var)?char$|text$/.test(dataType);
}

function cannotFill(table: string, column: ColumnFacts, why: string): RequestError {
  return new RequestError(
    'REQUIRED_COLUMN',
    `A test order needs a value for ${table}.${column.name}, and ${why}. Give the column a default, or let it be NULL.`,
  );
}
