import { unsupported } from '../errors.js';
import type { Statement } from './ast.js';
import type { Cursor } from './cursor.js';

/** Statements about the session: transactions, SET, SHOW, USE. Null when it is none of these. */
export function parseSession(cursor: Cursor): Statement | null {
  if (cursor.accept('BEGIN')) {
    cursor.accept('WORK');
    return { kind: 'begin' };
  }
  if (cursor.accept('START', 'TRANSACTION')) {
    if (!cursor.accept('READ', 'WRITE') && cursor.peek().kind === 'word') {
      throw unsupported(`START TRANSACTION ${cursor.peek().text}`);
    }
    return { kind: 'begin' };
  }
  if (cursor.accept('COMMIT')) return endOf(cursor, { kind: 'commit' });
  if (cursor.accept('ROLLBACK')) return endOf(cursor, { kind: 'rollback' });
  if (cursor.accept('USE')) return { kind: 'use', database: cursor.identifier() };
  if (cursor.accept('SHOW')) return parseShow(cursor);
  if (cursor.accept('SET')) return parseSet(cursor);
  return null;
}

function endOf(cursor: Cursor, statement: Statement): Statement {
  cursor.accept('WORK');
  if (cursor.isWord('TO') || cursor.isWord('AND')) throw unsupported('savepoints and chained transactions');
  return statement;
}

function parseShow(cursor: Cursor): Statement {
  if (!cursor.accept('SESSION') && !cursor.accept('GLOBAL')) cursor.accept('FULL');
  const what = cursor.identifier().toLowerCase();
  if (what !== 'variables' && what !== 'tables' && what !== 'databases' && what !== 'warnings') {
    throw unsupported(`SHOW ${what.toUpperCase()}`);
  }
  if (cursor.accept('LIKE')) return { kind: 'show', what, like: cursor.string() };
  if (what === 'variables' && cursor.accept('WHERE')) {
    if (cursor.identifier().toLowerCase() !== 'variable_name')
      throw unsupported('SHOW VARIABLES WHERE other than Variable_name');
    cursor.expectSymbol('=');
    return { kind: 'show', what, like: cursor.string().replaceAll('_', '\\_') };
  }
  return { kind: 'show', what, like: null };
}

function parseSet(cursor: Cursor): Statement {
  if (cursor.accept('NAMES')) {
    const charset = cursor.peek().kind === 'string' ? cursor.string() : cursor.identifier();
    if (cursor.accept('COLLATE')) cursor.next();
    return { kind: 'set', assignments: [{ name: 'character_set_client', value: charset }] };
  }
  const assignments: { name: string; value: string }[] = [];
  do assignments.push(parseSetting(cursor));
  while (cursor.acceptSymbol(','));
  return { kind: 'set', assignments };
}

function parseSetting(cursor: Cursor): { name: string; value: string } {
  if (cursor.isWord('GLOBAL') || cursor.isWord('PERSIST')) throw unsupported('SET GLOBAL');
  const oneTransaction = !cursor.accept('SESSION') && !cursor.accept('LOCAL');
  if (cursor.accept('TRANSACTION')) {
    if (oneTransaction) throw unsupported('SET TRANSACTION without SESSION');
    cursor.expect('ISOLATION', 'LEVEL');
    const words = [cursor.identifier()];
    while (cursor.peek().kind === 'word') words.push(cursor.identifier());
    return { name: 'transaction_isolation', value: words.join('-').toUpperCase() };
  }
  const token = cursor.next();
  if (token.kind !== 'word' && token.kind !== 'variable') throw unsupported('SET of user variables');
  cursor.expectSymbol('=');
  return { name: token.text.toLowerCase(), value: parseSettingValue(cursor) };
}

function parseSettingValue(cursor: Cursor): string {
  const sign = cursor.acceptSymbol('-') ? '-' : '';
  const token = cursor.next();
  if (!['string', 'integer', 'decimal', 'word'].includes(token.kind))
    throw unsupported('SET with an expression');
  return sign + token.text;
}
