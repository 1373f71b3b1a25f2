import type { ResultColumn } from '../compile/select.js';
import { DATABASE } from '../schema/schema.js';
import type { SqlType } from '../schema/table.js';

/** A column's definition packet, as mysql2 writes it. Numbers: MySQL's protocol. */
export interface WireColumn {
  catalog: string;
  schema: string;
  table: string;
  orgTable: string;
  name: string;
  orgName: string;
  characterSet: number;
  columnLength: number;
  columnType: number;
  flags: number;
  decimals: number;
}

const BINARY = 63;
const UTF8MB4 = 45;
const UNSIGNED_FLAG = 32;
const INTEGER_TYPES = { 8: 1, 16: 2, 24: 9, 32: 3, 64: 8 };

export function wireColumn({ name, table, type }: ResultColumn): WireColumn {
  const shape = shapeOf(type);
  return { catalog: 'def', schema: DATABASE, table, orgTable: table, name, orgName: name, ...shape };
}

function shapeOf(
  type: SqlType,
): Pick<WireColumn, 'characterSet' | 'columnLength' | 'columnType' | 'flags' | 'decimals'> {
  const number = (columnType: number, columnLength: number, decimals: number, unsigned = false) => ({
    characterSet: BINARY,
    columnType,
    columnLength,
    decimals,
    flags: unsigned ? UNSIGNED_FLAG : 0,
  });
  switch (type.kind) {
    case 'integer':
      return number(INTEGER_TYPES[type.bits], 20, 0, type.unsigned);
    case 'decimal':
      return number(0xf6, type.precision + 2, type.scale, type.unsigned);
    case 'double':
      return number(5, 22, 31);
    case 'datetime':
      return number(type.name === 'timestamp' ? 7 : 12, 26, type.digits);
    case 'date':
      return number(10, 10, 0);
    case 'null':
      return number(6, 0, 0);
    case 'enum':
      return { characterSet: UTF8MB4, columnType: 0xfe, columnLength: 255 * 4, decimals: 0, flags: 256 };
    case 'text':
      if (type.name === 'char')
        return {
          characterSet: UTF8MB4,
          columnType: 0xfe,
          columnLength: type.length * 4,
          decimals: 0,
          flags: 0,
        };
      if (type.name === 'varchar')
        return {
          characterSet: UTF8MB4,
          columnType: 0xfd,
          columnLength: type.length * 4,
          decimals: 0,
          flags: 0,
        };
      return { characterSet: UTF8MB4, columnType: 0xfc, columnLength: type.length, decimals: 0, flags: 16 };
    case 'json':
      return { characterSet: UTF8MB4, columnType: 0xfc, columnLength: 4_294_967_295, decimals: 0, flags: 16 };
  }
}
