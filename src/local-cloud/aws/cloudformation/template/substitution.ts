/** The pieces of an `Fn::Sub` text: literal text, and `${Name}` or `${Name.Attribute}`. `${!x}` is the literal `${x}`. */
export type SubPiece = { literal: string } | { name: string };

export function subPieces(text: string): SubPiece[] {
  const pieces: SubPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    if (match.index > from) pieces.push({ literal: text.slice(from, match.index) });
    const inside = match[1] as string;
    pieces.push(inside.startsWith('!') ? { literal: `\${${inside.slice(1)}}` } : { name: inside.trim() });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ literal: text.slice(from) });
  return pieces;
}
