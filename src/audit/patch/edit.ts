import { isMap, type ListNode, type MapNode, type TemplateNode } from '../document/node.js';
import type { Value } from './value.js';

/** One change of a template, before it is text. */
export type Edit =
  /** Adds a key to a map; `comment` stands above it. */
  | { kind: 'add'; map: MapNode; key: string; value: Value; comment?: string }
  /** Adds an item at the end of a list. */
  | { kind: 'append'; list: ListNode; value: Value }
  /** Puts another value where one stands. */
  | { kind: 'replace'; node: TemplateNode; value: Value }
  /** Puts another entry, key and value, where one stands. */
  | { kind: 'rename'; map: MapNode; from: string; key: string; value: Value }
  /** Takes an entry away. */
  | { kind: 'remove'; map: MapNode; key: string }
  /** Adds an entry to a section of the template, which is made where there is none. */
  | { kind: 'section'; section: Section; key: string; value: Value };

export type Section = 'Parameters' | 'Resources' | 'Globals';

/** Sets what stands below a path of keys: replaces it, or adds what is missing. Undefined: something is in the way. */
export function setAt(map: MapNode | undefined, path: readonly string[], value: Value): Edit | undefined {
  const [key, ...rest] = path;
  if (!map || map.shared || key === undefined) return undefined;
  const entry = map.entries.get(key);
  if (!entry || entry.merged) return { kind: 'add', map, key, value: nested(rest, value) };
  if (rest.length === 0 || (entry.value.kind === 'scalar' && entry.value.empty))
    return entry.value.shared
      ? undefined
      : { kind: 'replace', node: entry.value, value: nested(rest, value) };
  return isMap(entry.value) ? setAt(entry.value, rest, value) : undefined;
}

/** Adds a resource. */
export const addResource = (id: string, value: Value): Edit => ({
  kind: 'section',
  section: 'Resources',
  key: id,
  value,
});

export const addParameter = (name: string, value: Value): Edit => ({
  kind: 'section',
  section: 'Parameters',
  key: name,
  value,
});

/** The properties of a resource: where they are written; its body when there are none yet. */
export function setProperty(
  resource: { body: MapNode; properties: MapNode | undefined },
  path: readonly string[],
  value: Value,
): Edit | undefined {
  return resource.properties
    ? setAt(resource.properties, path, value)
    : setAt(resource.body, ['Properties', ...path], value);
}

/** The edits, or undefined when one of them cannot be made. */
export function allOf(...edits: readonly (Edit | undefined)[]): Edit[] | undefined {
  return edits.every((edit) => edit !== undefined) ? (edits as Edit[]) : undefined;
}

const nested = (path: readonly string[], value: Value): Value =>
  path.reduceRight<Value>((inner, key) => ({ [key]: inner }), value);
