import { syntaxError } from '../errors.js';
import { type Token, tokenize } from './tokens.js';

/** Reads a statement's tokens one after the other. Keywords are compared without case. */
export class Cursor {
  private readonly tokens: Token[];
  private position = 0;

  constructor(readonly sql: string) {
    this.tokens = tokenize(sql);
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.position++;
    return token;
  }

  /** The statement's text from `start` to the token before this one. */
  textSince(start: number): string {
    return this.sql.slice(start, this.peek().at).trim();
  }

  isWord(...words: string[]): boolean {
    return words.every((word, index) => {
      const token = this.peek(index);
      return token.kind === 'word' && token.text.toUpperCase() === word;
    });
  }

  /** Consumes the words if all of them come next. */
  accept(...words: string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.position += words.length;
    return true;
  }

  expect(...words: string[]): void {
    if (!this.accept(...words)) throw this.unexpected();
  }

  isSymbol(symbol: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === symbol;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.position++;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.unexpected();
  }

  identifier(): string {
    const token = this.next();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw syntaxError(this.sql.slice(token.at));
    return token.text;
  }

  string(): string {
    const token = this.next();
    if (token.kind !== 'string') throw syntaxError(this.sql.slice(token.at));
    return token.text;
  }

  integer(): string {
    const token = this.next();
    if (token.kind !== 'integer') throw syntaxError(this.sql.slice(token.at));
    return token.text;
  }

  /** `(a, b, c)`, each read by `read`. */
  parenthesised<T>(read: () => T): T[] {
    this.expectSymbol('(');
    const items = this.separated(read);
    this.expectSymbol(')');
    return items;
  }

  separated<T>(read: () => T): T[] {
    const items = [read()];
    while (this.acceptSymbol(',')) items.push(read());
    return items;
  }

  end(): void {
    this.acceptSymbol(';');
    if (this.peek().kind !== 'end') throw this.unexpected();
  }

  unexpected(): Error {
    return syntaxError(this.sql.slice(this.peek().at));
  }
}
