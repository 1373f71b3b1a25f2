import { unsupported } from '../errors.js';
import type { Column, ForeignKey, Key } from '../schema/table.js';
import type { Statement } from './ast.js';
import type { Cursor } from './cursor.js';
import { parseTableName } from './select.js';
import { parseType } from './types.js';

export function parseCreate(cursor: Cursor): Statement {
  cursor.expect('CREATE');
  const unique = cursor.accept('UNIQUE');
  if (unique || cursor.isWord('INDEX')) {
    cursor.expect('INDEX');
    const name = cursor.identifier();
    cursor.expect('ON');
    const statement: Statement = {
      kind: 'create-index',
      table: parseTableName(cursor),
      key: { name, unique, columns: columnList(cursor) },
    };
    // Every index is made at once here, whatever is asked for.
    if (cursor.accept('LOCK')) {
      cursor.acceptSymbol('=');
      cursor.expect('NONE');
    }
    return statement;
  }
  if (!cursor.accept('TABLE')) throw unsupported(`CREATE ${cursor.peek().text}`);
  return parseCreateTable(cursor);
}

function parseCreateTable(cursor: Cursor): Statement {
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS');
  const table = parseTableName(cursor);
  const parts = {
    columns: [] as Column[],
    primaryKey: [] as string[],
    keys: [] as Key[],
    foreignKeys: [] as ForeignKey[],
  };
  cursor.parenthesised(() => parseTablePart(cursor, parts));
  parseTableOptions(cursor);
  for (const column of parts.columns) if (isIn(column.name, parts.primaryKey)) column.nullable = false;
  return { kind: 'create-table', table, ifNotExists, ...parts };
}

function isIn(name: string, names: string[]): boolean {
  return names.some((other) => other.toLowerCase() === name.toLowerCase());
}

function parseTablePart(
  cursor: Cursor,
  parts: { columns: Column[]; primaryKey: string[]; keys: Key[]; foreignKeys: ForeignKey[] },
): void {
  const constraint = cursor.accept('CONSTRAINT')
    ? cursor.isWord('FOREIGN') || cursor.isWord('UNIQUE') || cursor.isWord('PRIMARY')
      ? null
      : cursor.identifier()
    : null;
  if (cursor.accept('PRIMARY', 'KEY')) parts.primaryKey = columnList(cursor);
  else if (cursor.accept('FOREIGN', 'KEY'))
    parts.foreignKeys.push(parseForeignKey(cursor, constraint, parts.foreignKeys));
  else if (cursor.isWord('UNIQUE') || cursor.isWord('KEY') || cursor.isWord('INDEX')) {
    parts.keys.push(parseKey(cursor, constraint));
  } else if (cursor.isWord('CHECK') || cursor.isWord('FULLTEXT') || cursor.isWord('SPATIAL')) {
    throw unsupported(`${cursor.peek().text.toUpperCase()} in a table definition`);
  } else {
    const { column, key } = parseColumn(cursor);
    parts.columns.push(column);
    if (key === 'primary') parts.primaryKey = [column.name];
    else if (key === 'unique') parts.keys.push({ name: column.name, unique: true, columns: [column.name] });
  }
}

function parseKey(cursor: Cursor, constraint: string | null): Key {
  const unique = cursor.accept('UNIQUE');
  if (!cursor.accept('KEY')) cursor.accept('INDEX');
  const written = cursor.isSymbol('(') ? null : cursor.identifier();
  const columns = columnList(cursor);
  return { name: written ?? constraint ?? (columns[0] as string), unique, columns };
}

function parseForeignKey(cursor: Cursor, constraint: string | null, earlier: ForeignKey[]): ForeignKey {
  if (!cursor.isSymbol('(')) cursor.identifier();
  const columns = columnList(cursor);
  cursor.expect('REFERENCES');
  const table = cursor.identifier();
  const referenced = columnList(cursor);
  let onDelete: ForeignKey['onDelete'] = 'RESTRICT';
  while (cursor.accept('ON')) {
    const isDelete = cursor.accept('DELETE');
    if (!isDelete) cursor.expect('UPDATE');
    const action = parseReferenceAction(cursor);
    if (isDelete) onDelete = action;
    else if (action === 'CASCADE' || action === 'SET NULL') throw unsupported(`ON UPDATE ${action}`);
  }
  return { name: constraint ?? `fk_${earlier.length + 1}_${table}`, columns, table, referenced, onDelete };
}

function parseReferenceAction(cursor: Cursor): ForeignKey['onDelete'] {
  if (cursor.accept('CASCADE')) return 'CASCADE';
  if (cursor.accept('SET', 'NULL')) return 'SET NULL';
  if (cursor.accept('NO', 'ACTION')) return 'NO ACTION';
  cursor.expect('RESTRICT');
  return 'RESTRICT';
}

function columnList(cursor: Cursor): string[] {
  return cursor.parenthesised(() => {
    const name = cursor.identifier();
    if (cursor.isSymbol('(')) throw unsupported('keys on a prefix of a column');
    return name;
  });
}

/** A column's definition, and the key it declares for itself. */
export function parseColumn(cursor: Cursor): { column: Column; key: 'primary' | 'unique' | null } {
  const name = cursor.identifier();
  const column: Column = {
    name,
    ...parseType(cursor),
    nullable: true,
    autoIncrement: false,
    onUpdateNow: false,
    comment: '',
  };
  let key: 'primary' | 'unique' | null = null;
  for (;;) {
    if (cursor.accept('NOT', 'NULL')) column.nullable = false;
    else if (cursor.accept('NULL')) column.nullable = true;
    else if (cursor.accept('AUTO_INCREMENT')) column.autoIncrement = true;
    else if (cursor.accept('PRIMARY', 'KEY')) key = 'primary';
    else if (cursor.accept('UNIQUE')) {
      cursor.accept('KEY');
      key = 'unique';
    } else if (cursor.accept('COMMENT')) column.comment = cursor.string();
    else if (cursor.accept('DEFAULT')) column.default = parseDefault(cursor);
    else if (cursor.accept('ON', 'UPDATE')) {
      parseNow(cursor);
      column.onUpdateNow = true;
    } else break;
  }
  if (key === 'primary' || column.autoIncrement) column.nullable = false;
  return { column, key };
}

function parseDefault(cursor: Cursor): NonNullable<Column['default']> {
  if (cursor.isWord('CURRENT_TIMESTAMP') || cursor.isWord('NOW')) {
    parseNow(cursor);
    return { kind: 'now' };
  }
  if (cursor.accept('NULL')) return { kind: 'literal', value: null };
  if (cursor.accept('TRUE')) return { kind: 'literal', value: '1' };
  if (cursor.accept('FALSE')) return { kind: 'literal', value: '0' };
  const sign = cursor.acceptSymbol('-') ? '-' : '';
  const token = cursor.next();
  if (!['string', 'integer', 'decimal', 'double'].includes(token.kind))
    throw unsupported('DEFAULT with an expression');
  return { kind: 'literal', value: sign + token.text };
}

function parseNow(cursor: Cursor): void {
  cursor.next();
  if (!cursor.acceptSymbol('(')) return;
  if (!cursor.isSymbol(')')) cursor.integer();
  cursor.expectSymbol(')');
}

function parseTableOptions(cursor: Cursor): void {
  for (;;) {
    if (cursor.accept('ENGINE')) {
      cursor.acceptSymbol('=');
      const engine = cursor.identifier();
      if (engine.toLowerCase() !== 'innodb') throw unsupported(`the storage engine ${engine}`);
    } else if (cursor.accept('COMMENT')) {
      cursor.acceptSymbol('=');
      cursor.string();
    } else if (cursor.accept('AUTO_INCREMENT')) throw unsupported('AUTO_INCREMENT as a table option');
    else if (cursor.accept('DEFAULT')) continue;
    else if (cursor.accept('CHARSET') || cursor.accept('CHARACTER', 'SET') || cursor.accept('COLLATE')) {
      cursor.acceptSymbol('=');
      cursor.identifier();
    } else return;
  }
}

export function parseDrop(cursor: Cursor): Statement {
  cursor.expect('DROP');
  if (!cursor.accept('TABLE')) throw unsupported(`DROP ${cursor.peek().text}`);
  const ifExists = cursor.accept('IF', 'EXISTS');
  return { kind: 'drop-table', tables: cursor.separated(() => parseTableName(cursor)), ifExists };
}

export function parseAlter(cursor: Cursor): Statement {
  cursor.expect('ALTER', 'TABLE');
  const table = parseTableName(cursor);
  if (!cursor.accept('ADD')) throw unsupported(`ALTER TABLE … ${cursor.peek().text}`);
  cursor.accept('COLUMN');
  if (['UNIQUE', 'KEY', 'INDEX', 'PRIMARY', 'CONSTRAINT', 'FOREIGN'].some((word) => cursor.isWord(word))) {
    throw unsupported('ALTER TABLE … ADD of a key; write CREATE INDEX');
  }
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS');
  const { column, key } = parseColumn(cursor);
  if (key === 'primary' || column.autoIncrement) throw unsupported('ALTER TABLE … ADD of a primary key');
  if (cursor.isWord('AFTER') || cursor.isWord('FIRST')) throw unsupported('a position for an added column');
  return {
    kind: 'add-column',
    table,
    ifNotExists,
    column,
    key: key === 'unique' ? { name: column.name, unique: true, columns: [column.name] } : null,
  };
}
