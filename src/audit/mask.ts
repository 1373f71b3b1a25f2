import { HIDDEN, redact } from '../core/secret.js';
import type { Lines } from './document/lines.js';
import type { Span } from './document/node.js';

/** Knows where in a text secrets stand, and shows no line that holds one. */
export class Mask {
  /** In order, by their beginnings. */
  readonly #spans: readonly Span[];

  constructor(
    readonly lines: Lines,
    spans: readonly Span[],
  ) {
    this.#spans = [...spans].sort((one, other) => one.start - other.start);
  }

  /** The line that holds the offset, with `[secret]` where one stands. */
  lineAt(offset: number): string {
    const start = this.lines.start(offset);
    const text = this.lines.textAt(offset);
    let out = '';
    let at = 0;
    for (const span of this.#within(start, start + text.length)) {
      out += text.slice(at, Math.max(at, span.start - start)) + HIDDEN;
      at = Math.min(text.length, Math.max(at, span.end - start));
    }
    return redact(out + text.slice(at));
  }

  /** Whether the line, counted from 1, holds a secret, or anything that has the form of one. */
  hides(line: number): boolean {
    const offset = this.lines.startOfLine(line);
    return offset !== undefined && this.lineAt(offset) !== this.lines.textAt(offset);
  }

  #within(start: number, end: number): Span[] {
    return this.#spans.filter((span) => span.start < end && span.end > start);
  }
}
