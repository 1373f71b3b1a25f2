/** A place as editors count it: both from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Finds lines in a text. */
export class Lines {
  /** Offset of each line's first character. */
  readonly #starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  position(offset: number): Position {
    const index = this.#indexOf(offset);
    return { line: index + 1, column: offset - (this.#starts[index] ?? 0) + 1 };
  }

  /** Offset of the first character of a line, counted from 1; undefined behind the last. */
  startOfLine(line: number): number | undefined {
    return this.#starts[line - 1];
  }

  /** Offset of the first character of the line that holds the offset. */
  start(offset: number): number {
    return this.#starts[this.#indexOf(offset)] ?? 0;
  }

  /** Offset behind the line that holds the offset, its line end included. */
  end(offset: number): number {
    return this.#starts[this.#indexOf(offset) + 1] ?? this.text.length;
  }

  /** The line that holds the offset, without its line end. */
  textAt(offset: number): string {
    return this.text.slice(this.start(offset), this.end(offset)).replace(/\r?\n$/, '');
  }

  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
