type Node = string | { [key: string]: Node };
type Decoded = string | Decoded[] | { [key: string]: Decoded };

/** Reads `A.member.1.B=x` and `M.entry.1.key=k` into `{A: [{B: 'x'}], M: {k: …}}`. Every scalar stays a string. */
export function decodeQuery(body: string): { [key: string]: Decoded } {
  const root: { [key: string]: Node } = {};
  for (const [name, value] of new URLSearchParams(body)) place(root, name.split('.'), value);
  const result: { [key: string]: Decoded } = {};
  for (const [key, node] of Object.entries(root))
    if (key !== 'Action' && key !== 'Version') result[key] = settle(node);
  return result;
}

function place(root: { [key: string]: Node }, path: string[], value: string): void {
  let node = root;
  for (const part of path.slice(0, -1)) {
    const next = node[part];
    if (typeof next === 'object') node = next;
    else {
      const created: { [key: string]: Node } = Object.create(null);
      node[part] = created;
      node = created;
    }
  }
  node[path.at(-1) as string] = value;
}

function settle(node: Node): Decoded {
  if (typeof node === 'string') return node;
  const keys = Object.keys(node);
  if (keys.length === 1 && keys[0] === 'member') return list(node.member as Node);
  if (keys.length === 1 && keys[0] === 'entry') return map(node.entry as Node);
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) return list(node);
  return Object.fromEntries(keys.map((key) => [key, settle(node[key] as Node)]));
}

function list(node: Node): Decoded[] {
  if (typeof node === 'string') return node === '' ? [] : [node];
  return Object.keys(node)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => settle(node[key] as Node));
}

function map(node: Node): { [key: string]: Decoded } {
  const result: { [key: string]: Decoded } = {};
  for (const entry of list(node)) {
    // Message attributes of SNS have another spelling than every other map.
    const { key, value, Name, Value } = entry as { [part: string]: Decoded };
    result[String(key ?? Name)] = (value ?? Value) as Decoded;
  }
  return result;
}
