import { LineCounter, parseDocument } from 'yaml';

export interface Position {
  /** From 1. */
  line: number;
  column: number;
}

/** Line and column of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Where `JSON.parse` stumbled, read from its message, which differs between the versions of Node. */
export function positionOfSyntaxError(text: string, error: Error): Position | undefined {
  const lineAndColumn = /line (\d+) column (\d+)/.exec(error.message);
  if (lineAndColumn) return { line: Number(lineAndColumn[1]), column: Number(lineAndColumn[2]) };
  const offset = /at position (\d+)/.exec(error.message);
  if (offset) return positionAt(text, Number(offset[1]));
  return /end of JSON input/.test(error.message) ? positionAt(text, text.trimEnd().length) : undefined;
}

/** Where the value at a path stands in a JSON text: JSON is YAML, whose parser keeps positions. */
export function positionOfPath(text: string, path: readonly PropertyKey[]): Position | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: false, logLevel: 'silent' });
  for (let depth = path.length; depth > 0; depth--) {
    const offset = offsetOfKey(document.getIn(path.slice(0, depth - 1), true), path[depth - 1]);
    if (offset === undefined) continue;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  }
  return undefined;
}

interface Located {
  range?: readonly number[] | null;
}

function offsetOfKey(parent: unknown, key: PropertyKey | undefined): number | undefined {
  const items = (parent as { items?: unknown[] } | undefined)?.items ?? [];
  if (typeof key === 'number') return (items[key] as Located | undefined)?.range?.[0];
  for (const item of items as { key?: Located & { value?: unknown } }[])
    if (item.key?.value === key) return item.key?.range?.[0];
  return undefined;
}
