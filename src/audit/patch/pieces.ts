import type { Splice } from './splice.js';

/** A stretch of the text as it was, or new text. */
type Piece = { start: number; end: number } | { text: string };

/** A text that is spliced again and again, and remembers what of it was there from the beginning. */
export class Pieces {
  #pieces: Piece[];

  constructor(readonly original: string) {
    this.#pieces = original === '' ? [] : [{ start: 0, end: original.length }];
  }

  copy(): Pieces {
    const copy = new Pieces(this.original);
    copy.become(this);
    return copy;
  }

  /** Takes over what was done to the other, a copy of the same text. */
  become(other: Pieces): void {
    this.#pieces = [...other.#pieces];
  }

  /** Applies splices at offsets of the text as it is now; they are in order and do not overlap. */
  apply(splices: readonly Pick<Splice, 'start' | 'end' | 'text'>[]): void {
    const out: Piece[] = [];
    const rest = [...this.#pieces].reverse();
    let at = 0;
    const move = (upTo: number, keep: boolean): void => {
      while (at < upTo) {
        const piece = rest.pop();
        if (!piece) return;
        const length = lengthOf(piece);
        const taken = Math.min(length, upTo - at);
        if (keep) out.push(part(piece, 0, taken));
        if (taken < length) rest.push(part(piece, taken, length));
        at += taken;
      }
    };
    for (const { start, end, text } of splices) {
      move(start, true);
      move(end, false);
      if (text !== '') out.push({ text });
    }
    this.#pieces = [...out, ...rest.reverse()];
  }

  get text(): string {
    return this.#pieces
      .map((piece) => ('text' in piece ? piece.text : this.original.slice(piece.start, piece.end)))
      .join('');
  }

  /** Everything that was done, as splices of the text as it was. */
  splices(): Splice[] {
    const found: Splice[] = [];
    let at = 0;
    let text = '';
    const close = (start: number): void => {
      if (start > at || text !== '') found.push({ start: at, end: start, text, inside: 0 });
    };
    for (const piece of this.#pieces) {
      if ('text' in piece) text += piece.text;
      else {
        close(piece.start);
        text = '';
        at = piece.end;
      }
    }
    close(this.original.length);
    return found;
  }
}

const lengthOf = (piece: Piece): number => ('text' in piece ? piece.text.length : piece.end - piece.start);

function part(piece: Piece, from: number, to: number): Piece {
  return 'text' in piece
    ? { text: piece.text.slice(from, to) }
    : { start: piece.start + from, end: piece.start + to };
}
