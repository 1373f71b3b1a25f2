import { invalidParameter } from './errors.js';
import type { Matches } from './filter-pattern.js';

type Test = (value: unknown) => boolean;

/** `{ $.level = "error" && ($.a.b[0] > 3 || $.x IS TRUE) }`. Messages that are not JSON match nothing. */
export function jsonPattern(text: string): Matches {
  const test = new Parser(text).parse();
  return (message) => {
    if (!message.trimStart().startsWith('{')) return false;
    try {
      return test(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

const TOKEN = /\s*(&&|\|\||[(){}]|!=|>=|<=|[=<>]|"(?:[^"\\]|\\.)*"|%[^%]+%|[^\s(){}=!<>&|"]+|!)/y;

class Parser {
  private readonly tokens: string[] = [];
  private position = 0;

  constructor(private readonly text: string) {
    TOKEN.lastIndex = 0;
    const trimmed = text.trimEnd();
    while (TOKEN.lastIndex < trimmed.length) {
      const match = TOKEN.exec(trimmed);
      if (!match) throw this.invalid();
      this.tokens.push(match[1] as string);
    }
  }

  parse(): Test {
    this.expect('{');
    const test = this.either();
    this.expect('}');
    if (this.position < this.tokens.length) throw this.invalid();
    return test;
  }

  private either(): Test {
    const tests = [this.both()];
    while (this.take('||')) tests.push(this.both());
    return (value) => tests.some((test) => test(value));
  }

  private both(): Test {
    const tests = [this.single()];
    while (this.take('&&')) tests.push(this.single());
    return (value) => tests.every((test) => test(value));
  }

  private single(): Test {
    if (this.take('(')) {
      const test = this.either();
      this.expect(')');
      return test;
    }
    const path = selector(this.next(), () => this.invalid());
    const operator = this.next();
    if (operator.toUpperCase() === 'IS') return this.isTest(path);
    if (operator.toUpperCase() === 'NOT') {
      if (this.next().toUpperCase() !== 'EXISTS') throw this.invalid();
      return (value) => path(value) === undefined;
    }
    return comparison(path, operator, this.next(), () => this.invalid());
  }

  private isTest(path: (value: unknown) => unknown): Test {
    const wanted = { TRUE: true, FALSE: false, NULL: null }[this.next().toUpperCase()];
    if (wanted === undefined) throw this.invalid();
    return (value) => path(value) === wanted;
  }

  private next(): string {
    const token = this.tokens[this.position++];
    if (token === undefined) throw this.invalid();
    return token;
  }

  private take(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw this.invalid();
  }

  private invalid() {
    return invalidParameter(`Invalid filter pattern: ${this.text}`);
  }
}

function selector(token: string, invalid: () => Error): (value: unknown) => unknown {
  if (!token.startsWith('$')) throw invalid();
  const parts = [...token.slice(1).matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']+)'\]/g)];
  if (parts.map(([whole]) => whole).join('') !== token.slice(1)) throw invalid();
  const keys = parts.map(([, name, index, quoted]) => name ?? quoted ?? Number(index));
  return (value) =>
    keys.reduce<unknown>(
      (inner, key) =>
        inner === null || typeof inner !== 'object'
          ? undefined
          : (inner as Record<string | number, unknown>)[key],
      value,
    );
}

function comparison(
  path: (value: unknown) => unknown,
  operator: string,
  operand: string,
  invalid: () => Error,
): Test {
  if (operator === '=' || operator === '!=') {
    const equal = equality(operand);
    // Nothing equals or differs from a member that is not there.
    return (value) => {
      const found = path(value);
      return found !== undefined && equal(found) === (operator === '=');
    };
  }
  const number = Number(operand);
  if (Number.isNaN(number)) throw invalid();
  const compare: Record<string, (found: number) => boolean> = {
    '>': (found) => found > number,
    '>=': (found) => found >= number,
    '<': (found) => found < number,
    '<=': (found) => found <= number,
  };
  const test = compare[operator];
  if (!test) throw invalid();
  return (value) => {
    const found = path(value);
    return typeof found === 'number' && test(found);
  };
}

function equality(operand: string): Test {
  const quoted = operand.startsWith('"');
  const text = quoted ? operand.slice(1, -1).replace(/\\(.)/g, '$1') : operand;
  if (operand.startsWith('%')) {
    const expression = new RegExp(operand.slice(1, -1));
    return (found) => typeof found === 'string' && expression.test(found);
  }
  if (!quoted && text !== '' && !Number.isNaN(Number(text)))
    return (found) => typeof found === 'number' && found === Number(text);
  const wildcard = new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
  return (found) => typeof found === 'string' && wildcard.test(found);
}
