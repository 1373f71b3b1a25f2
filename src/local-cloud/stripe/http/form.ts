import { invalidRequest } from './errors.js';

/** What a form holds before it is given types: text, lists (`a[]`), and maps (`a[b]`, also `a[0]`). */
export type FormValue = string | FormValue[] | FormMap;
export interface FormMap {
  [key: string]: FormValue;
}

const DEEPEST = 12;

/**
 * Reads `application/x-www-form-urlencoded` with bracketed keys as Stripe (Rack) does: `a[b]=` nests, `a[]=` appends,
 * `a[][b]=` adds to the last element until a key repeats. Indexed keys (`a[0]=`) stay a map; `listOf` reads them.
 * The returned maps have no prototype, so that no key is special.
 */
export function parseForm(text: string): FormMap {
  const root = emptyMap();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const mark = pair.indexOf('=');
    const key = unescapeText(mark < 0 ? pair : pair.slice(0, mark));
    const value = mark < 0 ? '' : unescapeText(pair.slice(mark + 1));
    const segments = keySegments(key);
    if (segments) insert(root, segments, value, key);
  }
  return root;
}

export function emptyMap(): FormMap {
  return Object.create(null) as FormMap;
}

function unescapeText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidRequest(`Invalid percent-encoding in the request parameters: ${text}`);
  }
}

/** `a[b][]` → `['a', 'b', '']`; undefined for an empty key, which Stripe ignores. */
function keySegments(key: string): string[] | undefined {
  const open = key.indexOf('[');
  if (open < 0) return key === '' ? undefined : [key];
  const head = key.slice(0, open);
  const tail = key.slice(open);
  // Brackets that do not pair are part of the name.
  if (head === '' || !/^(\[[^[\]]*\])+$/.test(tail)) return [key];
  const segments = [head, ...[...tail.matchAll(/\[([^[\]]*)\]/g)].map((m) => m[1] as string)];
  if (segments.length > DEEPEST) throw invalidRequest(`The parameter ${head} is nested too deeply.`, head);
  return segments;
}

function insert(map: FormMap, segments: string[], value: string, key: string): void {
  const [name, ...rest] = segments as [string, ...string[]];
  if (rest.length === 0) {
    map[name] = value;
    return;
  }
  if (rest[0] === '') {
    map[name] ??= [];
    const list = map[name];
    if (!Array.isArray(list)) throw conflict(key);
    append(list, rest.slice(1), value, key);
    return;
  }
  map[name] ??= emptyMap();
  const next = map[name];
  if (typeof next === 'string' || Array.isArray(next)) throw conflict(key);
  insert(next, rest, value, key);
}

function append(list: FormValue[], rest: string[], value: string, key: string): void {
  if (rest.length === 0) {
    list.push(value);
    return;
  }
  if (rest[0] === '') {
    const inner: FormValue[] = [];
    append(inner, rest.slice(1), value, key);
    list.push(inner);
    return;
  }
  let last = list.at(-1);
  if (typeof last !== 'object' || Array.isArray(last) || holds(last, rest)) {
    last = emptyMap();
    list.push(last);
  }
  insert(last, rest, value, key);
}

/** Whether the map already has a value at this path, so that a repeated key starts the next element. */
function holds(map: FormMap, segments: string[]): boolean {
  const [name, ...rest] = segments as [string, ...string[]];
  const value = map[name];
  if (value === undefined) return false;
  if (rest.length === 0) return true;
  if (typeof value === 'string') return true;
  if (Array.isArray(value)) return false;
  return holds(value, rest);
}

function conflict(key: string): Error {
  const name = key.slice(0, key.indexOf('['));
  return invalidRequest(
    `Invalid request: the parameter ${name} is sent in two different shapes (${key}).`,
    name,
  );
}
