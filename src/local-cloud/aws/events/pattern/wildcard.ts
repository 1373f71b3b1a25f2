import { InvalidPattern } from './errors.js';

/** Compiles `*` patterns; `\*` and `\\` stand for themselves. */
export function wildcard(pattern: string): (text: string) => boolean {
  const pieces = split(pattern);
  return (text) => matchesPieces(pieces, text);
}

/** The literal pieces between the stars. */
function split(pattern: string): string[] {
  const pieces = [''];
  for (let position = 0; position < pattern.length; position++) {
    const character = pattern[position] as string;
    if (character === '*') {
      if (position > 0 && pattern[position - 1] === '*' && pieces.at(-1) === '')
        throw new InvalidPattern(`Consecutive wildcard characters at pos ${position - 1}`);
      pieces.push('');
      continue;
    }
    const next = pattern[position + 1];
    if (character === '\\' && next !== '*' && next !== '\\')
      throw new InvalidPattern(`Invalid escape character at pos ${position}`);
    if (character === '\\') position += 1;
    pieces[pieces.length - 1] += pattern[position] as string;
  }
  return pieces;
}

/** Takes the first and last piece at the ends and the others in order between them: linear in the text. */
function matchesPieces(pieces: string[], text: string): boolean {
  const first = pieces[0] as string;
  if (pieces.length === 1) return text === first;
  const last = pieces.at(-1) as string;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let position = first.length;
  const end = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, position);
    if (found < 0 || found + piece.length > end) return false;
    position = found + piece.length;
  }
  return true;
}
