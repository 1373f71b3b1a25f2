import type { Intrinsic } from './intrinsics.js';

/** Where something stands in the text: offsets, the second behind its last character. */
export interface Span {
  start: number;
  end: number;
}

interface Placed extends Span {
  /** An anchor or an alias: other places share this very text, so a change here would change them too. */
  shared: boolean;
}

export interface ScalarNode extends Placed {
  kind: 'scalar';
  /** As it is meant, without quotes; empty for nothing. */
  text: string;
  /** Nothing stands there: `Key:` alone, `~` or `null`. */
  empty: boolean;
}

export interface ListNode extends Placed {
  kind: 'list';
  items: TemplateNode[];
  flow: boolean;
}

export interface MapEntry {
  key: string;
  /** Of the key itself. */
  at: Span;
  value: TemplateNode;
  /** Came in through `<<`: it stands somewhere else. */
  merged: boolean;
}

export interface MapNode extends Placed {
  kind: 'map';
  entries: ReadonlyMap<string, MapEntry>;
  flow: boolean;
}

/** An intrinsic function, in its short or its full form. */
export interface CallNode extends Placed {
  kind: 'call';
  name: Intrinsic;
  argument: TemplateNode;
  short: boolean;
}

/** One value of a template, YAML or JSON, with its place. */
export type TemplateNode = ScalarNode | ListNode | MapNode | CallNode;

export const isMap = (node: TemplateNode | undefined): node is MapNode => node?.kind === 'map';
export const isList = (node: TemplateNode | undefined): node is ListNode => node?.kind === 'list';
export const isScalar = (node: TemplateNode | undefined): node is ScalarNode => node?.kind === 'scalar';

/** The value that stands below a path of keys, as written; undefined where something else is in the way. */
export function valueAt(
  node: TemplateNode | undefined,
  ...path: readonly string[]
): TemplateNode | undefined {
  let here = node;
  for (const key of path) here = isMap(here) ? here.entries.get(key)?.value : undefined;
  return here;
}

/** The text of a scalar; undefined for anything else, and for nothing. */
export function scalarText(node: TemplateNode | undefined): string | undefined {
  return isScalar(node) && !node.empty ? node.text : undefined;
}

/** The node's direct parts. */
export function childrenOf(node: TemplateNode): TemplateNode[] {
  switch (node.kind) {
    case 'scalar':
      return [];
    case 'list':
      return node.items;
    case 'map':
      return [...node.entries.values()].map((entry) => entry.value);
    case 'call':
      return [node.argument];
  }
}

/** The node and everything below it. */
export function* everythingIn(node: TemplateNode): Generator<TemplateNode> {
  yield node;
  for (const child of childrenOf(node)) yield* everythingIn(child);
}
