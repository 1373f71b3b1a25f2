import { syntaxError, unsupported } from '../errors.js';
import type { Statement } from './ast.js';
import { Cursor } from './cursor.js';
import { parseAlter, parseCreate, parseDrop } from './ddl.js';
import { parseDelete, parseInsert, parseUpdate } from './dml.js';
import { parseSelect } from './select.js';
import { parseSession } from './session.js';

const STATEMENTS: Record<string, (cursor: Cursor) => Statement> = {
  SELECT: parseSelect,
  INSERT: parseInsert,
  UPDATE: parseUpdate,
  DELETE: parseDelete,
  CREATE: parseCreate,
  ALTER: parseAlter,
  DROP: parseDrop,
};

/**
 * Reads one MySQL statement of the subset that the embedded database knows.
 * Anything else is refused: 1064 when it is not MySQL as we read it, 1235 when it is but is not supported.
 */
export function parse(sql: string): Statement {
  const cursor = new Cursor(sql);
  const first = cursor.peek();
  if (first.kind !== 'word') throw syntaxError(sql);
  const statement = STATEMENTS[first.text.toUpperCase()]?.(cursor) ?? parseSession(cursor);
  if (!statement) throw unsupported(`the statement ${first.text.toUpperCase()}`);
  if (cursor.isSymbol(';') && cursor.peek(1).kind !== 'end')
    throw unsupported('several statements in one query');
  cursor.end();
  return statement;
}
