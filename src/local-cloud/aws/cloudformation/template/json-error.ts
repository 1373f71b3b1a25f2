const TOKEN =
  /\s*(?:([{}[\],:])|"(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/** Where text stops being JSON, as a line and a column from 1. Readers of other versions tell it in other ways, or not. */
export function jsonErrorPlace(text: string): { line: number; column: number } {
  const lines = text.slice(0, errorAt(text)).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** What may stand next: a value, a key, or what separates and closes. */
type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'end of item' | 'end';

function errorAt(text: string): number {
  const open: string[] = [];
  let wanted: Wanted = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const at = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
    if (!match) return at;
    const next = after(wanted, match[1] ?? (match[0].trimStart().startsWith('"') ? '"' : 'scalar'), open);
    if (!next) return at;
    wanted = next;
  }
}

/** What is wanted after a token; undefined when the token itself was not. Keeps what is open. */
function after(wanted: Wanted, token: string, open: string[]): Wanted | undefined {
  const closed = (): Wanted => (open.length === 0 ? 'end' : 'end of item');
  const closing = open.at(-1) === '{' ? '}' : ']';
  if (wanted === ':') return token === ':' ? 'value' : undefined;
  if (wanted === 'end of item' && token === ',') return open.at(-1) === '{' ? 'key' : 'value';
  if ((wanted === 'end of item' || wanted.endsWith(` ${closing}`)) && token === closing) {
    open.pop();
    return closed();
  }
  if (wanted.startsWith('key')) return token === '"' ? ':' : undefined;
  if (!wanted.startsWith('value')) return undefined;
  if (token === '"' || token === 'scalar') return closed();
  if (token !== '{' && token !== '[') return undefined;
  open.push(token);
  return token === '{' ? 'key or }' : 'value or ]';
}
