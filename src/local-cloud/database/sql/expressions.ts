import { unsupported } from '../errors.js';
import type { BinaryOperator, Expression } from './ast.js';
import type { Cursor } from './cursor.js';
import { parseSelect } from './select.js';

const COMPARISONS = new Set(['=', '<>', '!=', '<', '<=', '>', '>=', '<=>']);
/** Words that end an expression and so are never a column's bare name. */
const RESERVED = new Set(
  'AND OR NOT IN IS LIKE BETWEEN FROM WHERE GROUP ORDER HAVING LIMIT ON AS JOIN LEFT INNER CROSS FOR SET VALUES SELECT DESC ASC THEN ELSE END WHEN UNION REGEXP RLIKE DIV MOD XOR INTERVAL MATCH BINARY COLLATE'.split(
    ' ',
  ),
);

/** Lowest precedence first: OR, AND, NOT, comparison, +/-, *, unary, primary. */
export function parseExpression(cursor: Cursor): Expression {
  let left = parseAnd(cursor);
  while (cursor.accept('OR')) left = binary('or', left, parseAnd(cursor));
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  let left = parseNot(cursor);
  while (cursor.accept('AND') || cursor.acceptSymbol('&&')) left = binary('and', left, parseNot(cursor));
  return left;
}

function parseNot(cursor: Cursor): Expression {
  return cursor.accept('NOT') ? { kind: 'not', operand: parseNot(cursor) } : parseComparison(cursor);
}

function parseComparison(cursor: Cursor): Expression {
  let left = parseSum(cursor);
  for (;;) {
    const token = cursor.peek();
    if (token.kind === 'symbol' && COMPARISONS.has(token.text)) {
      cursor.next();
      const operator = (token.text === '!=' ? '<>' : token.text) as BinaryOperator;
      left = binary(operator, left, parseSum(cursor));
    } else if (cursor.accept('IS')) {
      const negated = cursor.accept('NOT');
      cursor.expect('NULL');
      left = { kind: 'is-null', operand: left, negated };
    } else {
      const predicate = parsePredicate(cursor, left);
      if (!predicate) return left;
      left = predicate;
    }
  }
}

function parsePredicate(cursor: Cursor, operand: Expression): Expression | null {
  const negated =
    cursor.isWord('NOT') && ['IN', 'LIKE', 'BETWEEN'].includes(cursor.peek(1).text.toUpperCase());
  if (negated) cursor.next();
  if (cursor.accept('IN')) {
    cursor.expectSymbol('(');
    const list = cursor.isWord('SELECT')
      ? parseSelect(cursor)
      : cursor.separated(() => parseExpression(cursor));
    cursor.expectSymbol(')');
    return { kind: 'in', operand, list, negated };
  }
  if (cursor.accept('LIKE')) return { kind: 'like', operand, pattern: parseSum(cursor), negated };
  if (cursor.accept('BETWEEN')) {
    const low = parseSum(cursor);
    cursor.expect('AND');
    return { kind: 'between', operand, low, high: parseSum(cursor), negated };
  }
  return null;
}

function parseSum(cursor: Cursor): Expression {
  let left = parseProduct(cursor);
  for (;;) {
    if (cursor.acceptSymbol('+')) left = binary('+', left, parseProduct(cursor));
    else if (cursor.acceptSymbol('-')) left = binary('-', left, parseProduct(cursor));
    else if (cursor.isSymbol('||')) throw unsupported("the operator '||'; write OR, or CONCAT");
    else return left;
  }
}

function parseProduct(cursor: Cursor): Expression {
  let left = parseUnary(cursor);
  for (;;) {
    if (cursor.acceptSymbol('*')) left = binary('*', left, parseUnary(cursor));
    else if (cursor.isSymbol('/') || cursor.isSymbol('%') || cursor.isWord('DIV') || cursor.isWord('MOD')) {
      throw unsupported('division: its result would not be exact');
    } else return left;
  }
}

function parseUnary(cursor: Cursor): Expression {
  if (cursor.acceptSymbol('-')) return { kind: 'negate', operand: parseUnary(cursor) };
  if (cursor.acceptSymbol('+')) return parseUnary(cursor);
  return parsePrimary(cursor);
}

function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.peek();
  switch (token.kind) {
    case 'string':
    case 'integer':
    case 'decimal':
    case 'double':
      cursor.next();
      return { kind: 'literal', type: token.kind, value: token.text };
    case 'variable':
      cursor.next();
      return { kind: 'variable', name: token.text };
    case 'symbol':
      return parseParenthesis(cursor);
    default:
      return parseWord(cursor);
  }
}

function parseParenthesis(cursor: Cursor): Expression {
  cursor.expectSymbol('(');
  const inner: Expression = cursor.isWord('SELECT')
    ? { kind: 'subquery', select: parseSelect(cursor) }
    : parseExpression(cursor);
  cursor.expectSymbol(')');
  return inner;
}

function parseWord(cursor: Cursor): Expression {
  if (cursor.accept('NULL')) return { kind: 'null' };
  if (cursor.accept('TRUE')) return { kind: 'literal', type: 'integer', value: '1' };
  if (cursor.accept('FALSE')) return { kind: 'literal', type: 'integer', value: '0' };
  if (cursor.accept('CASE')) return parseCase(cursor);
  if (cursor.accept('EXISTS')) {
    cursor.expectSymbol('(');
    const select = parseSelect(cursor);
    cursor.expectSymbol(')');
    return { kind: 'exists', select };
  }
  const word = cursor.peek();
  if (word.kind === 'word' && cursor.peek(1).text === '(' && cursor.peek(1).kind === 'symbol')
    return parseCall(cursor);
  if (word.kind === 'word' && RESERVED.has(word.text.toUpperCase())) throw cursor.unexpected();
  const name = cursor.identifier();
  if (word.kind === 'word' && /^(?:CURRENT_TIMESTAMP|UTC_TIMESTAMP)$/i.test(name)) {
    return { kind: 'call', name: name.toUpperCase(), distinct: false, star: false, args: [] };
  }
  return cursor.acceptSymbol('.')
    ? { kind: 'column', table: name, name: cursor.identifier() }
    : { kind: 'column', table: null, name };
}

function parseCase(cursor: Cursor): Expression {
  const branches: { when: Expression; value: Expression }[] = [];
  while (cursor.accept('WHEN')) {
    const when = parseExpression(cursor);
    cursor.expect('THEN');
    branches.push({ when, value: parseExpression(cursor) });
  }
  if (branches.length === 0) throw unsupported('CASE with an operand; write CASE WHEN');
  const otherwise = cursor.accept('ELSE') ? parseExpression(cursor) : null;
  cursor.expect('END');
  return { kind: 'case', branches, otherwise };
}

function parseCall(cursor: Cursor): Expression {
  const name = cursor.identifier().toUpperCase();
  cursor.expectSymbol('(');
  if (name === 'VALUES' || name === 'VALUE') {
    const column = cursor.identifier();
    cursor.expectSymbol(')');
    return { kind: 'inserted', name: column };
  }
  const distinct = cursor.accept('DISTINCT');
  const star = cursor.acceptSymbol('*');
  const args = star || cursor.isSymbol(')') ? [] : cursor.separated(() => parseExpression(cursor));
  cursor.expectSymbol(')');
  if (cursor.isWord('OVER')) throw unsupported('window functions');
  return { kind: 'call', name, distinct, star, args };
}

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right };
}
