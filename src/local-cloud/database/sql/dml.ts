import { unsupported } from '../errors.js';
import type { Assignment, Expression, Statement } from './ast.js';
import type { Cursor } from './cursor.js';
import { parseExpression } from './expressions.js';
import { parseTableName, parseTables } from './select.js';

export function parseInsert(cursor: Cursor): Statement {
  cursor.expect('INSERT');
  const ignore = cursor.accept('IGNORE');
  cursor.accept('INTO');
  const table = parseTableName(cursor);
  if (!cursor.isSymbol('(')) throw unsupported('INSERT without a list of columns');
  const columns = cursor.parenthesised(() => cursor.identifier());
  if (!cursor.accept('VALUES') && !cursor.accept('VALUE'))
    throw unsupported('INSERT … SELECT and INSERT … SET');
  const rows = cursor.separated(() => cursor.parenthesised(() => parseValue(cursor)));
  const onDuplicate = cursor.accept('ON', 'DUPLICATE', 'KEY', 'UPDATE')
    ? cursor.separated(() => parseAssignment(cursor))
    : null;
  if (cursor.isWord('RETURNING')) throw unsupported('RETURNING');
  return { kind: 'insert', table, ignore, columns, rows, onDuplicate };
}

export function parseUpdate(cursor: Cursor): Statement {
  cursor.expect('UPDATE');
  if (cursor.isWord('IGNORE')) throw unsupported('UPDATE IGNORE');
  const from = parseTables(cursor);
  cursor.expect('SET');
  const set = cursor.separated(() => parseAssignment(cursor));
  const where = cursor.accept('WHERE') ? parseExpression(cursor) : null;
  if (cursor.isWord('ORDER') || cursor.isWord('LIMIT')) throw unsupported('UPDATE with ORDER BY or LIMIT');
  return { kind: 'update', from, set, where };
}

export function parseDelete(cursor: Cursor): Statement {
  cursor.expect('DELETE');
  if (!cursor.accept('FROM')) throw unsupported('DELETE from several tables');
  const table = parseTableName(cursor);
  const where = cursor.accept('WHERE') ? parseExpression(cursor) : null;
  if (cursor.isWord('ORDER') || cursor.isWord('LIMIT')) throw unsupported('DELETE with ORDER BY or LIMIT');
  return { kind: 'delete', table, where };
}

function parseAssignment(cursor: Cursor): Assignment {
  const first = cursor.identifier();
  const second = cursor.acceptSymbol('.') ? cursor.identifier() : null;
  cursor.expectSymbol('=');
  return { table: second === null ? null : first, column: second ?? first, value: parseValue(cursor) };
}

/** An expression, or null for the word DEFAULT. */
function parseValue(cursor: Cursor): Expression | null {
  if (cursor.isWord('DEFAULT') && cursor.peek(1).text !== '(') {
    cursor.next();
    return null;
  }
  return parseExpression(cursor);
}
