import { notSupported, validationError } from './errors.js';

type Series = Map<number, number>;

/**
 * Metric maths of the simple kind: ids, numbers, `+ - * /`, parentheses, and `FILL(id, number)`.
 * A point exists where every series in it has one. Other functions are refused by name.
 */
export function expressionSeries(expression: string, known: Map<string, Series>): Series {
  const parser = new Parser(expression, known);
  const value = parser.parse();
  if (typeof value === 'number')
    throw validationError(`Error in expression '${expression}': it must use at least one metric`);
  return value;
}

type Value = Series | number;

class Parser {
  private readonly tokens: string[];
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly known: Map<string, Series>,
  ) {
    this.tokens = text.match(/[A-Za-z_][\w]*|\d+(?:\.\d+)?|\S/g) ?? [];
  }

  parse(): Value {
    const value = this.sum();
    if (this.position < this.tokens.length) throw this.invalid();
    return value;
  }

  private sum(): Value {
    let value = this.product();
    for (;;) {
      if (this.take('+')) value = combine(value, this.product(), (a, b) => a + b);
      else if (this.take('-')) value = combine(value, this.product(), (a, b) => a - b);
      else return value;
    }
  }

  private product(): Value {
    let value = this.operand();
    for (;;) {
      if (this.take('*')) value = combine(value, this.operand(), (a, b) => a * b);
      // Division by nothing leaves the point out.
      else if (this.take('/')) value = combine(value, this.operand(), (a, b) => a / b);
      else return value;
    }
  }

  private operand(): Value {
    if (this.take('-')) return combine(0, this.operand(), (a, b) => a - b);
    if (this.take('(')) {
      const value = this.sum();
      if (!this.take(')')) throw this.invalid();
      return value;
    }
    const token = this.tokens[this.position++];
    if (token === undefined) throw this.invalid();
    if (/^\d/.test(token)) return Number(token);
    if (this.take('(')) return this.call(token);
    const series = this.known.get(token);
    if (!series) throw validationError(`Error in expression '${this.text}': Undefined id ${token}`);
    return series;
  }

  private call(name: string): Value {
    if (name !== 'FILL') throw notSupported(`the metric maths function ${name}`);
    const series = this.sum();
    if (!this.take(',')) throw this.invalid();
    const filler = this.sum();
    if (!this.take(')') || typeof filler !== 'number' || typeof series === 'number') throw this.invalid();
    const times = new Set([...this.known.values()].flatMap((one) => [...one.keys()]));
    return new Map([...times].map((time) => [time, series.get(time) ?? filler]));
  }

  private take(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }

  private invalid() {
    return validationError(`Error in expression '${this.text}': Invalid syntax`);
  }
}

function combine(one: Value, other: Value, operate: (a: number, b: number) => number): Value {
  if (typeof one === 'number' && typeof other === 'number') return operate(one, other);
  const times = [...(typeof one === 'number' ? (other as Series) : one).keys()];
  const at = (value: Value, time: number) => (typeof value === 'number' ? value : value.get(time));
  const result: Series = new Map();
  for (const time of times) {
    const a = at(one, time);
    const b = at(other, time);
    if (a === undefined || b === undefined) continue;
    const value = operate(a, b);
    if (Number.isFinite(value)) result.set(time, value);
  }
  return result;
}
