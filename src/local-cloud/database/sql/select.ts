import { unsupported } from '../errors.js';
import type { Order, Select, SelectItem, TableName, TableReference } from './ast.js';
import type { Cursor } from './cursor.js';
import { parseExpression } from './expressions.js';

const AFTER_TABLE = new Set(
  'WHERE GROUP ORDER HAVING LIMIT ON JOIN LEFT INNER CROSS RIGHT NATURAL FOR LOCK SET UNION USING PARTITION USE FORCE IGNORE'.split(
    ' ',
  ),
);

export function parseSelect(cursor: Cursor): Select {
  cursor.expect('SELECT');
  const distinct = cursor.accept('DISTINCT');
  const items = cursor.separated(() => parseItem(cursor));
  const from = cursor.accept('FROM') ? (cursor.accept('DUAL') ? [] : parseTables(cursor)) : [];
  const select: Select = {
    kind: 'select',
    distinct,
    items,
    from,
    where: cursor.accept('WHERE') ? parseExpression(cursor) : null,
    groupBy: cursor.accept('GROUP', 'BY') ? cursor.separated(() => parseExpression(cursor)) : [],
    having: cursor.accept('HAVING') ? parseExpression(cursor) : null,
    orderBy: cursor.accept('ORDER', 'BY') ? cursor.separated(() => parseOrder(cursor)) : [],
    limit: parseLimit(cursor),
    locking: parseLocking(cursor),
  };
  if (cursor.isWord('UNION')) throw unsupported('UNION');
  return select;
}

export function parseTableName(cursor: Cursor): TableName {
  const first = cursor.identifier();
  return cursor.acceptSymbol('.')
    ? { schema: first, name: cursor.identifier() }
    : { schema: null, name: first };
}

/** `a AS x JOIN b ON …, c`. */
export function parseTables(cursor: Cursor): TableReference[] {
  const tables = [parseTable(cursor, 'inner')];
  for (;;) {
    if (cursor.acceptSymbol(',') || cursor.accept('CROSS', 'JOIN')) tables.push(parseTable(cursor, 'inner'));
    else if (cursor.accept('LEFT', 'JOIN') || cursor.accept('LEFT', 'OUTER', 'JOIN')) {
      tables.push(parseJoined(cursor, 'left'));
    } else if (cursor.accept('JOIN') || cursor.accept('INNER', 'JOIN'))
      tables.push(parseJoined(cursor, 'inner'));
    else if (cursor.isWord('RIGHT') || cursor.isWord('NATURAL')) throw unsupported('RIGHT and NATURAL JOIN');
    else return tables;
  }
}

function parseJoined(cursor: Cursor, join: TableReference['join']): TableReference {
  const table = parseTable(cursor, join);
  cursor.expect('ON');
  return { ...table, on: parseExpression(cursor) };
}

function parseTable(cursor: Cursor, join: TableReference['join']): TableReference {
  if (cursor.isSymbol('(')) throw unsupported('derived tables');
  const name = parseTableName(cursor);
  const alias = cursor.accept('AS') || isAlias(cursor, AFTER_TABLE) ? cursor.identifier() : name.name;
  return { ...name, alias, join, on: null };
}

function isAlias(cursor: Cursor, stop: Set<string>): boolean {
  const token = cursor.peek();
  return token.kind === 'quoted' || (token.kind === 'word' && !stop.has(token.text.toUpperCase()));
}

function parseItem(cursor: Cursor): SelectItem {
  if (cursor.acceptSymbol('*')) return { expression: null, table: null, name: '*' };
  if (cursor.peek(1).text === '.' && cursor.peek(2).text === '*' && cursor.peek(2).kind === 'symbol') {
    const table = cursor.identifier();
    cursor.expectSymbol('.');
    cursor.expectSymbol('*');
    return { expression: null, table, name: '*' };
  }
  const start = cursor.peek().at;
  const expression = parseExpression(cursor);
  const written = cursor.textSince(start);
  if (cursor.accept('AS')) {
    return {
      expression,
      table: null,
      name: cursor.peek().kind === 'string' ? cursor.string() : cursor.identifier(),
    };
  }
  if (isAlias(cursor, new Set(['FROM', 'INTO', ...AFTER_TABLE]))) {
    return { expression, table: null, name: cursor.identifier() };
  }
  return { expression, table: null, name: expression.kind === 'column' ? expression.name : written };
}

function parseOrder(cursor: Cursor): Order {
  const expression = parseExpression(cursor);
  if (cursor.accept('DESC')) return { expression, descending: true };
  cursor.accept('ASC');
  return { expression, descending: false };
}

function parseLimit(cursor: Cursor): Select['limit'] {
  if (!cursor.accept('LIMIT')) return null;
  const first = cursor.integer();
  if (cursor.acceptSymbol(',')) return { count: cursor.integer(), offset: first };
  return { count: first, offset: cursor.accept('OFFSET') ? cursor.integer() : '0' };
}

function parseLocking(cursor: Cursor): boolean {
  const locking =
    cursor.accept('FOR', 'UPDATE') ||
    cursor.accept('FOR', 'SHARE') ||
    cursor.accept('LOCK', 'IN', 'SHARE', 'MODE');
  if (cursor.isWord('NOWAIT') || cursor.isWord('SKIP')) throw unsupported('NOWAIT and SKIP LOCKED');
  return locking;
}
