import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { nearest } from '../../core/nearest.js';
import { type Intrinsic, intrinsicByTag, isIntrinsic, TAGS } from './intrinsics.js';
import type { Lines } from './lines.js';
import { childrenOf, type MapEntry, type Span, type TemplateNode } from './node.js';
import { unreadableAt } from './unreadable.js';

/** How many values aliases may make of a file: far beyond any template, far below what hurts. */
const MOST_VALUES = 500_000;
const DEEPEST = 200;

/** Turns the parser's tree into ours: intrinsics in one shape, aliases and merges resolved, keys held to be unique. */
export function convert(file: string, text: string, lines: Lines, parsed: Document): TemplateNode {
  return new Conversion(file, text, lines, parsed).whole();
}

class Conversion {
  readonly #anchors = new Map<string, TemplateNode | 'open'>();
  readonly #sizes = new Map<TemplateNode, number>();

  constructor(
    readonly file: string,
    readonly text: string,
    readonly lines: Lines,
    readonly parsed: Document,
  ) {}

  whole(): TemplateNode {
    const root = this.#node(this.parsed.contents, { start: 0, end: 0 }, 0);
    if (this.#size(root) > MOST_VALUES)
      throw this.#refuse(root.start, {
        code: 'TEMPLATE_ALIASES',
        what: `its aliases make more than ${MOST_VALUES.toLocaleString('en')} values of it.`,
        why: 'Aliases of aliases multiply; no tool could read this.',
        next: 'Write the values out.',
      });
    return root;
  }

  #node(node: Node | null, where: Span, depth: number): TemplateNode {
    if (!node) return { kind: 'scalar', text: '', empty: true, shared: false, ...where };
    const [start = where.start, end = where.end] = node.range ?? [];
    if (depth > DEEPEST)
      throw this.#refuse(start, {
        code: 'TEMPLATE_TOO_DEEP',
        what: `more than ${DEEPEST} levels stand inside each other here.`,
        next: 'Flatten it.',
      });
    if (isAlias(node)) return this.#alias(node.source, start, end);
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const made = this.#tagged(node, { start, end }, depth);
    const placed = anchor === undefined ? made : { ...made, shared: true };
    if (anchor !== undefined) this.#anchors.set(anchor, placed);
    return placed;
  }

  #alias(name: string, start: number, end: number): TemplateNode {
    const known = this.#anchors.get(name);
    if (known === undefined || known === 'open')
      throw this.#refuse(start, {
        code: 'TEMPLATE_ALIASES',
        what:
          known === 'open'
            ? `*${name} stands inside its own anchor.`
            : `there is no anchor &${name} before *${name}.`,
        next: 'Write the value out.',
      });
    return { ...known, start, end, shared: true };
  }

  #tagged(node: Node, span: Span, depth: number): TemplateNode {
    const tag = 'tag' in node ? node.tag : undefined;
    if (tag === undefined || tag.startsWith('tag:yaml.org,2002:') || tag === '!')
      return this.#plain(node, span, depth);
    const start = this.#startOfTag(tag, span.start);
    const name = intrinsicByTag(tag);
    if (name === undefined) throw this.#unknownTag(tag, start);
    const argument = this.#plain(node, span, depth);
    return { kind: 'call', name, argument, short: true, shared: false, start, end: argument.end };
  }

  #plain(node: Node, span: Span, depth: number): TemplateNode {
    if (isMap(node)) return this.#map(node, span, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#node(item as Node | null, span, depth + 1));
      const flow = node.flow === true;
      return { kind: 'list', items, flow, shared: false, ...this.#visible(span, flow, items.at(-1)) };
    }
    const { source, value } = node as { source?: string; value?: unknown };
    const text = source ?? String(value ?? '');
    const plain = isScalar(node) && node.type === 'PLAIN';
    return {
      kind: 'scalar',
      text,
      empty: plain && /^(|~|null|Null|NULL)$/.test(text),
      shared: false,
      ...span,
    };
  }

  #map(node: YAMLMap, span: Span, depth: number): TemplateNode {
    const entries = new Map<string, MapEntry>();
    const merged: TemplateNode[] = [];
    const flow = node.flow === true;
    let last: TemplateNode | undefined;
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const entry = this.#entry(pair as Pair<Node, Node | null>, depth);
      last = entry.value;
      if (entry.key === '<<') merged.push(entry.value);
      else this.#add(entries, entry);
    }
    for (const source of merged.flatMap((value) => (value.kind === 'list' ? value.items : [value])))
      if (source.kind === 'map')
        for (const entry of source.entries.values())
          if (!entries.has(entry.key)) entries.set(entry.key, { ...entry, merged: true });
    const visible = this.#visible(span, flow, last);
    return this.#call(entries, visible) ?? { kind: 'map', entries, flow, shared: false, ...visible };
  }

  /** A block ends where its last part does; the parser counts the lines behind it too. */
  #visible(span: Span, flow: boolean, last: TemplateNode | undefined): Span {
    return flow || !last ? span : { start: span.start, end: last.end };
  }

  #entry(pair: Pair<Node, Node | null>, depth: number): MapEntry {
    const [start, end] = pair.key.range ?? [0, 0];
    if (!isScalar(pair.key))
      throw this.#refuse(start, {
        code: 'TEMPLATE_SYNTAX',
        what: 'a key must be a word here.',
        next: 'Quote the key, or correct the indentation.',
      });
    const value = this.#node(pair.value, this.#behindColon(end), depth + 1);
    return { key: pair.key.source ?? String(pair.key.value), at: { start, end }, value, merged: false };
  }

  /** A value that is not there stands behind the colon. */
  #behindColon(end: number): Span {
    const colon = this.text.indexOf(':', end);
    const at = colon === -1 ? end : colon + 1;
    return { start: at, end: at };
  }

  #add(entries: Map<string, MapEntry>, entry: MapEntry): void {
    const first = entries.get(entry.key);
    if (first) {
      const { line } = this.lines.position(first.at.start);
      throw this.#refuse(entry.at.start, {
        code: 'TEMPLATE_KEY_TWICE',
        what: `"${entry.key}" stands here a second time; the first is in line ${line}.`,
        why: 'One of the two would be lost silently.',
        next: 'Keep one of them.',
      });
    }
    entries.set(entry.key, entry);
  }

  /** `{Ref: X}` and `{Fn::Sub: …}` are calls; `{Condition: X}` too, where it is a word. */
  #call(entries: ReadonlyMap<string, MapEntry>, span: Span): TemplateNode | undefined {
    const [only] = entries.values();
    if (entries.size !== 1 || !only || !isIntrinsic(only.key)) return undefined;
    const name: Intrinsic = only.key;
    if ((name === 'Condition' || name === 'Ref') && only.value.kind !== 'scalar') return undefined;
    return { kind: 'call', name, argument: only.value, short: false, shared: false, ...span };
  }

  #startOfTag(tag: string, start: number): number {
    const at = this.text.lastIndexOf(tag, start);
    return at === -1 ? start : at;
  }

  #unknownTag(tag: string, start: number) {
    const near = nearest(tag, TAGS);
    return this.#refuse(start, {
      code: 'TEMPLATE_TAG_UNKNOWN',
      what: `CloudFormation knows no tag ${tag}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
      next: `Write one of CloudFormation's functions there.`,
    });
  }

  #refuse(offset: number, details: Parameters<typeof unreadableAt>[3]) {
    return unreadableAt(this.file, this.lines, offset, details);
  }

  /** How many values there are when every alias is followed. */
  #size(node: TemplateNode): number {
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    const size = childrenOf(node).reduce((sum, child) => sum + this.#size(child), 1);
    this.#sizes.set(node, size);
    return size;
  }
}
