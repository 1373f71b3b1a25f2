import { randomUUID } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { CachaoError } from '../core/errors.js';

export type Value = string | number;

/** Long past, so that no shop shows it. */
const DAY = '2000-01-01';
const NUMBERS = /^(?:tiny|small|medium|big)?int$|^(?:decimal|numeric|float|double|bit)$/;

interface Column {
  name: string;
  type: string;
  fullType: string;
  required: boolean;
  length: number | null;
}

/**
 * The values given, as far as the table has such columns, and neutral ones for what its other columns require: zeros,
 * dates long past, the first label of an enum. What has to refer to another table refers to a row that is there.
 * @throws CachaoError TEST_ORDER_REFUSED naming the table or column that cannot be filled
 */
export async function placeholderRow(
  connection: Connection,
  table: string,
  given: Record<string, Value>,
): Promise<{ columns: string[]; values: Value[] }> {
  const [columns, parents] = await Promise.all([columnsOf(connection, table), parentsOf(connection, table)]);
  if (columns.length === 0) throw refused(`it has no table ${table}`);
  const row = new Map<string, Value>();
  for (const column of columns) {
    const value = given[column.name.toLowerCase()];
    if (value !== undefined) row.set(column.name, value);
    else if (column.required) {
      const parent = parents.get(column.name.toLowerCase());
      row.set(column.name, parent ? await anyOf(connection, table, column, parent) : neutral(table, column));
    }
  }
  return { columns: [...row.keys()], values: [...row.values()] };
}

async function columnsOf(connection: Connection, table: string): Promise<Column[]> {
  // MySQL 8 names the columns of information_schema in capitals, MariaDB as they are written: hence the aliases.
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT COLUMN_NAME AS name, DATA_TYPE AS data_type, COLUMN_TYPE AS column_type, IS_NULLABLE AS nullable,
       COLUMN_DEFAULT AS default_value, EXTRA AS extra, CHARACTER_MAXIMUM_LENGTH AS length
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    [table],
  );
  return rows.map((row) => {
    const extra = String(row.extra ?? '').toLowerCase();
    const ownValue = /auto_increment|virtual|persistent|stored|generated/.test(extra);
    return {
      name: String(row.name),
      type: String(row.data_type).toLowerCase(),
      fullType: String(row.column_type),
      required: row.nullable === 'NO' && row.default_value === null && !ownValue,
      length: row.length === null ? null : Number(row.length),
    };
  });
}

/** The table and column that each column refers to. */
async function parentsOf(connection: Connection, table: string): Promise<Map<string, [string, string]>> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT COLUMN_NAME AS column_name, REFERENCED_TABLE_NAME AS parent, REFERENCED_COLUMN_NAME AS parent_column
     FROM information_schema.KEY_COLUMN_USAGE
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND REFERENCED_TABLE_NAME IS NOT NULL`,
    [table],
  );
  return new Map(
    rows.map((row) => [
      String(row.column_name).toLowerCase(),
      [String(row.parent), String(row.parent_column)],
    ]),
  );
}

async function anyOf(
  connection: Connection,
  table: string,
  column: Column,
  [parent, key]: [string, string],
): Promise<Value> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT \`${key}\` AS id FROM \`${parent}\` LIMIT 1`,
  );
  const id = rows[0]?.id as Value | undefined;
  if (id === undefined) throw refused(`${table}.${column.name} refers to ${parent}, which is empty`);
  return id;
}

function neutral(table: string, { name, type, fullType, length }: Column): Value {
  if (NUMBERS.test(type)) return 0;
  if (type === 'year') return 2000;
  if (type === 'enum' || type === 'set')
    return /'((?:[^']|'')*)'/.exec(fullType)?.[1]?.replaceAll("''", "'") ?? '';
  if (type === 'date') return DAY;
  if (type === 'datetime' || type === 'timestamp') return `${DAY} 12:00:00`;
  if (type === 'time') return '00:00:00';
  if (type === 'json' || type === 'longtext') return '{}';
  if (type === 'uuid' || (name.toLowerCase() === 'id' && (length ?? 0) >= 36)) return randomUUID();
  if (/char$|text$/.test(type)) return 'cachao test'.slice(0, length ?? undefined);
  throw refused(`${table}.${name} needs a value, and no neutral one of type ${fullType} is known`);
}

function refused(why: string): CachaoError {
  return new CachaoError({
    code: 'TEST_ORDER_REFUSED',
    message: `The shop's database takes no test order: ${why}.`,
    next: ['Leave --database out: then logs and metrics are the proof.'],
  });
}
