import { syntaxError, unsupported } from '../errors.js';

export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'integer' | 'decimal' | 'double' | 'variable' | 'symbol' | 'end';
  /** The word, the unescaped string, the number as written, the variable's name, the symbol. */
  text: string;
  /** Offset in the statement, for error messages. */
  at: number;
}

const ESCAPES: Record<string, string> = { '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' };
const SPACE = /(?:\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?!!)[\s\S]*?\*\/)+/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const VARIABLE = /@@(?:(session|global)\.)?([A-Za-z_][A-Za-z0-9_]*)/iy;
const SYMBOL = /<=>|<>|!=|<=|>=|\|\||&&|[-+*/%=<>(),.;]/y;

/** Splits a MySQL statement (default quoting: backslash escapes, double quotes are strings) into tokens. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(sql);
  };
  const take = (kind: Token['kind'], text: string, length: number) => {
    tokens.push({ kind, text, at });
    at += length;
  };
  for (;;) {
    at += match(SPACE)?.[0].length ?? 0;
    const next = sql[at];
    if (next === undefined) break;
    if (next === "'" || next === '"') {
      const { text, length } = quoted(sql, at);
      take('string', text, length);
      continue;
    }
    if (next === '`') {
      const end = /`((?:[^`]|``)*)`/y;
      const name = match(end);
      if (!name) throw syntaxError(sql.slice(at));
      take('quoted', (name[1] as string).replaceAll('``', '`'), name[0].length);
      continue;
    }
    if (/^(?:0x[0-9a-f]|[xbn]')/i.test(sql.slice(at, at + 3))) {
      throw unsupported(`hexadecimal, bit and national literals, near '${sql.slice(at, at + 20)}'`);
    }
    const found =
      number(match(NUMBER)) ??
      variable(match(VARIABLE)) ??
      plain('word', match(WORD)) ??
      plain('symbol', match(SYMBOL));
    if (!found)
      throw next === '?'
        ? unsupported("placeholders ('?') in the text protocol")
        : syntaxError(sql.slice(at));
    take(found.kind, found.text, found.length);
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

interface Found {
  kind: Token['kind'];
  text: string;
  length: number;
}

function plain(kind: Token['kind'], match: RegExpExecArray | null): Found | undefined {
  return match ? { kind, text: match[0], length: match[0].length } : undefined;
}

function number(match: RegExpExecArray | null): Found | undefined {
  if (!match) return undefined;
  const text = match[0];
  const kind = /e/i.test(text) ? 'double' : text.includes('.') ? 'decimal' : 'integer';
  return { kind, text, length: text.length };
}

function variable(match: RegExpExecArray | null): Found | undefined {
  return match
    ? { kind: 'variable', text: (match[2] as string).toLowerCase(), length: match[0].length }
    : undefined;
}

function quoted(sql: string, start: number): { text: string; length: number } {
  const quote = sql[start] as string;
  let text = '';
  for (let at = start + 1; at < sql.length; at++) {
    const character = sql[at] as string;
    if (character === '\\') {
      at++;
      const escaped = sql[at];
      if (escaped === undefined) break;
      // `\%` and `\_` keep their backslash: it means something to LIKE.
      text += ESCAPES[escaped] ?? (escaped === '%' || escaped === '_' ? `\\${escaped}` : escaped);
    } else if (character !== quote) text += character;
    else if (sql[at + 1] === quote) {
      text += quote;
      at++;
    } else {
      // SQLite would end the text there.
      if (text.includes('\0')) throw unsupported('texts with a NUL character');
      return { text, length: at + 1 - start };
    }
  }
  throw syntaxError(sql.slice(start));
}
