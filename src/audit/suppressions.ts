import type { TemplateDocument } from './document/document.js';
import {
  childrenOf,
  everythingIn,
  isMap,
  type MapEntry,
  type MapNode,
  type Span,
  scalarText,
  type TemplateNode,
  valueAt,
} from './document/node.js';

/** Findings that somebody looked at and accepts: within a stretch of the template, for some rules, for a reason. */
export interface Suppression {
  rules: readonly string[];
  reason: string;
  /** What it covers. */
  within: Span;
  /** Where it is written. */
  at: Span;
}

const COMMENT = /#[ \t]*cachao-audit-ignore\b[ \t:]*([^\r\n]*)/g;

/**
 * Comments `# cachao-audit-ignore rule, rule: reason`, on an entry's line or above it, cover the entry; and maps
 * `Metadata: { cachao: { ignore: { rule: reason } } }` cover their resource, or the whole template.
 */
export function suppressionsIn(document: TemplateDocument): Suppression[] {
  return [...fromComments(document), ...fromMetadata(document)];
}

function fromComments(document: TemplateDocument): Suppression[] {
  if (document.style.json || !document.text.includes('cachao-audit-ignore')) return [];
  const scalars = [...everythingIn(document.root)].filter((node) => node.kind === 'scalar');
  return [...document.text.matchAll(COMMENT)].flatMap((match) => {
    const at = { start: match.index, end: match.index + match[0].length };
    if (scalars.some((node) => node.start <= at.start && at.end <= node.end && node.end > node.start))
      return [];
    const { rules, reason } = parsed(match[1] ?? '');
    return [{ rules, reason, within: covered(document, at.start), at }];
  });
}

function parsed(text: string): { rules: string[]; reason: string } {
  const colon = text.indexOf(': ') === -1 ? text.length : text.indexOf(': ');
  const rules = text
    .slice(0, colon)
    .replace(/:$/, '')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  return { rules, reason: text.slice(colon + 1).trim() };
}

/** The entry that begins on the comment's line, else on the next line that is neither empty nor a comment. */
function covered(document: TemplateDocument, offset: number): Span {
  const { lines, text, root } = document;
  let start = lines.start(offset);
  const own = text.slice(start, offset).trim() !== '';
  if (!own) {
    start = lines.end(start);
    while (start < text.length && /^\s*(#|$)/.test(lines.textAt(start))) start = lines.end(start);
  }
  const end = lines.end(start);
  return firstEntry(root, start, end) ?? { start, end };
}

/** The outermost entry or list item that begins between the offsets. */
function firstEntry(node: TemplateNode, start: number, end: number): Span | undefined {
  for (const { span, value } of partsOf(node)) {
    if (span.start >= start && span.start < end) return span;
    const inner = span.start < start && span.end >= start ? firstEntry(value, start, end) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

function partsOf(node: TemplateNode): { span: Span; value: TemplateNode }[] {
  if (isMap(node))
    return [...node.entries.values()].map((entry) => ({ span: spanOf(entry), value: entry.value }));
  return childrenOf(node).map((value) => ({ span: value, value }));
}

const spanOf = (entry: MapEntry): Span => ({
  start: entry.at.start,
  end: Math.max(entry.at.end, entry.value.end),
});

function fromMetadata({ root }: TemplateDocument): Suppression[] {
  const resources = valueAt(root, 'Resources');
  const entries = isMap(resources) ? [...resources.entries.values()] : [];
  return [
    ...ignored(valueAt(root, 'Metadata', 'cachao', 'ignore'), { start: 0, end: Number.POSITIVE_INFINITY }),
    ...entries.flatMap((entry) =>
      ignored(valueAt(entry.value, 'Metadata', 'cachao', 'ignore'), spanOf(entry)),
    ),
  ];
}

const ignored = (node: MapNode | TemplateNode | undefined, within: Span): Suppression[] =>
  isMap(node)
    ? [...node.entries.values()].map((entry) => ({
        rules: [entry.key],
        reason: (scalarText(entry.value) ?? '').trim(),
        within,
        at: entry.at,
      }))
    : [];
