import type { TemplateDocument } from '../document/document.js';
import { isMap, type ListNode, type MapEntry, type MapNode, type TemplateNode } from '../document/node.js';
import { indentBefore } from '../document/style.js';
import type { Edit, Section } from './edit.js';
import { Printer } from './print.js';
import type { Value } from './value.js';

/** Text that takes the place of a stretch of the file. */
export interface Splice {
  start: number;
  end: number;
  text: string;
  /** Where the map or list begins that it belongs to: at one place, what belongs further inside comes first. */
  inside: number;
}

type Cut = Omit<Splice, 'inside'>;

/** Turns an edit into text at offsets of the file as it stands. Undefined: it cannot be written there. */
export function spliceOf(document: TemplateDocument, edit: Edit): Splice | undefined {
  const cut = new Splicer(document).cut(edit);
  return cut && { ...cut, inside: containerOf(document, edit) };
}

function containerOf({ root }: TemplateDocument, edit: Edit): number {
  switch (edit.kind) {
    case 'append':
      return edit.list.start;
    case 'replace':
      return edit.node.start;
    case 'section':
      return root.entries.get(edit.section)?.value.start ?? root.start;
    default:
      return edit.map.start;
  }
}

/** The text with every splice made. They must not overlap; at one place, they come in their order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, text: inserted } of inOrder(splices)) {
    out += text.slice(at, start) + inserted;
    at = end;
  }
  return out + text.slice(at);
}

/** In the order of their places. */
export function inOrder(splices: readonly Splice[]): Splice[] {
  return splices
    .map((splice, index) => ({ ...splice, index }))
    .sort((a, b) => a.start - b.start || a.end - b.end || b.inside - a.inside || a.index - b.index);
}

class Splicer {
  readonly #printer: Printer;
  readonly #text: string;

  constructor(readonly document: TemplateDocument) {
    this.#printer = new Printer(document.style);
    this.#text = document.text;
  }

  cut(edit: Edit): Cut | undefined {
    switch (edit.kind) {
      case 'add':
        return this.#add(edit.map, edit.key, edit.value);
      case 'append':
        return this.#append(edit.list, edit.value);
      case 'replace':
        return this.#replace(edit.node, edit.value);
      case 'rename':
        return this.#rename(edit.map, edit.from, edit.key, edit.value);
      case 'remove':
        return this.#remove(edit.map, edit.key);
      case 'section':
        return this.#section(edit.section, edit.key, edit.value);
    }
  }

  #add(map: MapNode, key: string, value: Value, gap = ''): Cut | undefined {
    if (map.shared) return undefined;
    const own = [...map.entries.values()].filter((entry) => !entry.merged);
    const last = own.at(-1);
    if (map.flow || this.document.style.json) return this.#addInFlow(map, last, key, value);
    if (!last) return undefined;
    const indent = this.#columnOf(own[0] as MapEntry);
    if (indent === undefined) return undefined;
    return this.#lineAfter(last.value, `${gap}${indent}${this.#printer.entry(key, value, indent)}`);
  }

  /** A new line behind the line in which the node ends. */
  #lineAfter(node: TemplateNode, line: string): Cut {
    const { lineEnd } = this.document.style;
    const at = this.#lineEndBehind(node);
    const open = at > 0 && this.#text[at - 1] !== '\n';
    return open
      ? { start: at, end: at, text: `${lineEnd}${line}` }
      : { start: at, end: at, text: `${line}${lineEnd}` };
  }

  /** Behind the line in which the node ends; a block scalar ends with its own line. */
  #lineEndBehind(node: TemplateNode): number {
    if (node.end > node.start && this.#text[node.end - 1] === '\n') return node.end;
    const newline = this.#text.indexOf('\n', node.end);
    return newline === -1 ? this.#text.length : newline + 1;
  }

  #addInFlow(map: MapNode, last: MapEntry | undefined, key: string, value: Value): Cut | undefined {
    if (!last) return this.#fillEmpty(map, key, value);
    const indent = indentBefore(this.#text, last.at.start);
    const comma = this.#commaBehind(last.value.end, map.end);
    const at = comma ?? last.value.end;
    const { json, lineEnd } = this.document.style;
    // A comma behind the last one is the file's manner: it stays so, however many are added.
    const [lead, tail] = comma === undefined ? [',', ''] : ['', ','];
    const text =
      indent === undefined
        ? `${lead} ${this.#flowEntry(key, value)}${tail}`
        : `${lead}${lineEnd}${indent}${json ? this.#printer.entry(key, value, indent) : this.#flowEntry(key, value)}${tail}`;
    return { start: at, end: at, text };
  }

  #fillEmpty(map: MapNode, key: string, value: Value): Cut {
    const { json, lineEnd, step } = this.document.style;
    if (!json || !this.#text.includes('\n'))
      return { ...spanOf(map), text: `{ ${this.#flowEntry(key, value)} }` };
    const outer = this.#indentOfLine(map.start);
    const inner = outer + step;
    const entry = this.#printer.entry(key, value, inner);
    return { ...spanOf(map), text: `{${lineEnd}${inner}${entry}${lineEnd}${outer}}` };
  }

  #flowEntry(key: string, value: Value): string {
    const { json } = this.document.style;
    if (json) return `${JSON.stringify(key)}: ${this.#printer.json(value, undefined)}`;
    return this.#printer.flow({ [key]: value }).slice(2, -2);
  }

  #append(list: ListNode, value: Value): Cut | undefined {
    if (list.shared) return undefined;
    const last = list.items.at(-1);
    if (list.flow || this.document.style.json) return this.#appendInFlow(list, last, value);
    if (!last) return undefined;
    const indent = this.#indentOfLine(list.start);
    if (this.#text.slice(list.start, list.start + 1) !== '-') return undefined;
    return this.#lineAfter(last, `${indent}${this.#printer.item(value, indent)}`);
  }

  #appendInFlow(list: ListNode, last: TemplateNode | undefined, value: Value): Cut {
    const { json, lineEnd } = this.document.style;
    if (!last) return { ...spanOf(list), text: `[${this.#printer.line(value)}]` };
    const indent = indentBefore(this.#text, last.start);
    const comma = this.#commaBehind(last.end, list.end);
    const at = comma ?? last.end;
    const [lead, tail] = comma === undefined ? [',', ''] : ['', ','];
    const text =
      indent === undefined
        ? `${lead} ${this.#printer.line(value)}${tail}`
        : `${lead}${lineEnd}${indent}${json ? this.#printer.json(value, indent) : this.#printer.flow(value)}${tail}`;
    return { start: at, end: at, text };
  }

  #replace(node: TemplateNode, value: Value): Cut | undefined {
    if (node.shared) return undefined;
    if (node.kind === 'scalar' && node.empty && node.start === node.end)
      return this.#behindKey(node.start, value);
    return { start: node.start, end: this.#visibleEnd(node), text: this.#printer.line(value) };
  }

  /** The value of a key behind which nothing stands yet, or only a comment. */
  #behindKey(start: number, value: Value): Cut {
    const text = this.#printer.entry('', value, this.#indentOfLine(start)).replace(/^[^:]*:/, '');
    const comment = /^[ \t]*#[^\r\n]*/.exec(this.#text.slice(start));
    const at = text.startsWith(this.document.style.lineEnd) ? start + (comment?.[0].length ?? 0) : start;
    return { start: at, end: at, text };
  }

  #rename(map: MapNode, from: string, key: string, value: Value): Cut | undefined {
    const entry = map.entries.get(from);
    if (!entry || entry.merged || map.shared || entry.value.shared) return undefined;
    const indent = this.#columnOf(entry);
    const { json } = this.document.style;
    const text =
      indent === undefined || (map.flow && !json)
        ? this.#flowEntry(key, value)
        : this.#printer.entry(key, value, indent);
    return { start: entry.at.start, end: this.#visibleEnd(entry.value), text };
  }

  #remove(map: MapNode, key: string): Cut | undefined {
    const own = [...map.entries.values()].filter((entry) => !entry.merged);
    const index = own.findIndex((entry) => entry.key === key);
    const entry = own[index];
    // The last entry takes the map with it.
    if (!entry || own.length === 1 || map.shared || entry.value.shared) return undefined;
    if (map.flow || this.document.style.json) {
      const before = own[index - 1];
      const after = own[index + 1];
      if (before) return { start: before.value.end, end: entry.value.end, text: '' };
      return after ? { start: entry.at.start, end: after.at.start, text: '' } : undefined;
    }
    if (indentBefore(this.#text, entry.at.start) === undefined) return undefined;
    const start = this.document.lines.start(entry.at.start);
    return { start, end: this.#lineEndBehind(entry.value), text: '' };
  }

  #section(section: Section, key: string, value: Value): Cut | undefined {
    const { root, style } = this.document;
    const entry = root.entries.get(section);
    if (entry && isMap(entry.value)) {
      const gap = section === 'Resources' ? this.#gapBetween(entry.value) : '';
      return this.#add(entry.value, key, value, gap);
    }
    if (entry) return setAtEmpty(entry.value) ? this.#replace(entry.value, { [key]: value }) : undefined;
    const resources = root.entries.get('Resources');
    if (!resources) return undefined;
    const indent = this.#columnOf(resources);
    if (indent === undefined || (root.flow && !style.json)) return this.#add(root, section, { [key]: value });
    const printed = this.#printer.entry(section, { [key]: value }, indent);
    const { lineEnd } = style;
    const at = style.json ? resources.at.start : this.#aboveComments(resources.at.start);
    const between = style.json ? `,${lineEnd}${indent}` : `${lineEnd}${lineEnd}${indent}`;
    return { start: at, end: at, text: `${printed}${between}` };
  }

  /** Where the comments begin that stand directly above a key. */
  #aboveComments(offset: number): number {
    const { lines } = this.document;
    let at = lines.start(offset);
    while (at > 0 && /^[ \t]*#/.test(lines.textAt(at - 1))) at = lines.start(at - 1);
    return at === lines.start(offset) ? offset : at;
  }

  /** Whether resources are set apart by an empty line. */
  #gapBetween(map: MapNode): string {
    if (this.document.style.json || map.flow) return '';
    const [first, second] = map.entries.values();
    if (!first || !second) return this.document.style.lineEnd;
    return /\n[ \t]*\r?\n/.test(this.#text.slice(first.value.end - 1, second.at.start))
      ? this.document.style.lineEnd
      : '';
  }

  /** White space that puts a line below the entry's key; undefined when it shares a line in flow style. */
  #columnOf(entry: MapEntry): string | undefined {
    const start = this.document.lines.start(entry.at.start);
    const before = this.#text.slice(start, entry.at.start).replace(/^\uFEFF/, '');
    if (/^[ \t]*$/.test(before)) return before;
    // `- Key: value`: the dashes count as spaces.
    return /^[ \t]*(?:- +)+$/.test(before) ? before.replaceAll('-', ' ') : undefined;
  }

  #indentOfLine(offset: number): string {
    const line = this.document.lines.textAt(offset).replace(/^\uFEFF/, '');
    return /^[ \t]*/.exec(line)?.[0] ?? '';
  }

  /** Where the node's last visible character ends. */
  #visibleEnd(node: TemplateNode): number {
    let end = node.end;
    while (end > node.start && /\s/.test(this.#text[end - 1] ?? '')) end--;
    return end;
  }

  /** Behind a comma that follows the last value already. */
  #commaBehind(from: number, end: number): number | undefined {
    const rest = this.#text.slice(from, end).replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length));
    const comma = /^\s*,/.exec(rest);
    return comma ? from + comma[0].length : undefined;
  }
}

const spanOf = ({ start, end }: TemplateNode): { start: number; end: number } => ({ start, end });
const setAtEmpty = (node: TemplateNode): boolean => node.kind === 'scalar' && node.empty;
