import { Scope } from '../core/scope.js';

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

export type Ink = keyof typeof CODES;

const UNICODE = {
  pass: '✔',
  warn: '▲',
  fail: '✖',
  skipped: '○',
  unknown: '?',
  arrow: '→',
  down: '↓',
  bullet: '•',
  bar: '│',
  horizontal: '─',
  corner: '└',
  tee: '├',
  ellipsis: '…',
  times: '×',
  replace: '±',
};

const ASCII: typeof UNICODE = {
  pass: 'ok',
  warn: '!',
  fail: 'x',
  skipped: '-',
  unknown: '?',
  arrow: '->',
  down: 'v',
  bullet: '*',
  bar: '|',
  horizontal: '-',
  corner: '`',
  tee: '|',
  ellipsis: '...',
  times: 'x',
  replace: '-/+',
};

const PLAIN: Record<string, string> = { '→': '->', '…': '...', '×': 'x', '·': '-' };

/** How to write on one stream: its width, and what it can show. Renderers take one and return text. */
export class Canvas {
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Columns; endless where nobody looks: what is piped is neither cut nor wrapped. */
  readonly width: number;
  readonly symbols: Readonly<typeof UNICODE>;
  /** Where the run looks that writes here: the commands it suggests look there too. */
  readonly scope: Scope;

  constructor(capabilities: { colour: boolean; unicode: boolean; width: number; scope?: Scope }) {
    this.scope = capabilities.scope ?? Scope.NONE;
    this.colour = capabilities.colour;
    this.unicode = capabilities.unicode;
    this.width = capabilities.width;
    this.symbols = capabilities.unicode ? UNICODE : ASCII;
  }

  /** The same, no wider than this. */
  atMost(width: number): Canvas {
    const { colour, unicode, scope } = this;
    return new Canvas({ colour, unicode, scope, width: Math.min(width, this.width) });
  }

  /** Colours the text, where colour is possible. Meaning must never rest on colour alone. */
  ink(ink: Ink, text: string): string {
    if (!this.colour || text === '') return text;
    const [open, close] = CODES[ink];
    return `\u001b[${open}m${text}\u001b[${close}m`;
  }

  /** A command that is suggested, whole, as it can be pasted; never wrapped. */
  command(command: string): string {
    return this.ink('cyan', this.scope.command(command));
  }

  /** "Next:" with commands and what each does. */
  commands(steps: readonly (readonly [command: string, what: string])[]): string {
    const whole = steps.map(([command, what]) => [this.scope.command(command), what] as const);
    const width = Math.max(...whole.map(([command]) => command.length));
    const beside = width + 4 <= this.width / 2;
    return whole
      .map(([command, what]) =>
        beside
          ? this.wrap(what, `  ${this.ink('cyan', command.padEnd(width))}  `, ' '.repeat(width + 4))
          : `  ${this.ink('cyan', command)}\n${this.wrap(what, '      ')}`,
      )
      .join('\n');
  }

  /** Wraps words; every line but the first begins with `hanging`, the first with `first`. Long words stay whole, so that links and ids can be copied. */
  wrap(text: string, first = '', hanging = first): string {
    return this.written(text)
      .split('\n')
      .map((paragraph, index) => this.#wrapParagraph(paragraph, index === 0 ? first : hanging, hanging))
      .join('\n');
  }

  #wrapParagraph(text: string, first: string, hanging: string): string {
    const lines: string[] = [];
    let line = first;
    let empty = true;
    for (const word of text.split(/ +/)) {
      if (!empty && columns(line) + 1 + columns(word) > this.width) {
        lines.push(line);
        line = hanging;
        empty = true;
      }
      line += empty ? word : ` ${word}`;
      empty = false;
    }
    return [...lines, line].join('\n').replace(/[ \t]+$/gm, '');
  }

  /** Cuts to a number of columns, with an ellipsis where something was cut. Plain text only. */
  cut(text: string, width: number): string {
    const { ellipsis } = this.symbols;
    const written = this.written(text);
    if (columns(written) <= width) return written;
    return [...written].slice(0, Math.max(0, width - ellipsis.length)).join('') + ellipsis;
  }

  /** Signs that texts use, in what the stream can show. */
  private written(text: string): string {
    return this.unicode ? text : text.replace(/[→…×·]/g, (sign) => PLAIN[sign] ?? sign);
  }

  /** Fills up with spaces to a number of columns. */
  pad(text: string, width: number): string {
    return text + ' '.repeat(Math.max(0, width - columns(text)));
  }
}

/** Columns that a text takes: control sequences take none. */
export function columns(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control sequences
  return [...text.replace(/\u001b\[[0-9;]*m/g, '')].length;
}
