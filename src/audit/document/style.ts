import type { Style } from './document.js';
import { isMap, type MapNode, valueAt } from './node.js';

/** Reads from the text how it is written. */
export function styleOf(text: string, root: MapNode, json: boolean): Style {
  return {
    json,
    lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
    step: stepOf(text, root, json),
    indentedLists: !/^( *)(?! )[^\s#'"-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n\1- /m.test(text),
    quote: count(text, '"') > count(text, "'") ? '"' : "'",
    inline: !text.trim().includes('\n') || /\{ ?"(?:Ref|Fn::GetAtt)": ?["[][^\n}]*\}/.test(text),
    padding: /\{ "/.test(text) ? ' ' : '',
    shortForms:
      /(?:^|[\s,[{])!(?:Ref|GetAtt|Sub|If|Join)\b/.test(text) || !/^\s*(?:Fn::\w+|Ref):/m.test(text),
  };
}

/** How far the first resource is indented. */
function stepOf(text: string, root: MapNode, json: boolean): string {
  const resources = valueAt(root, 'Resources');
  const first = isMap(resources) ? [...resources.entries.values()][0] : undefined;
  const fallback = json ? '    ' : '  ';
  if (!first) return fallback;
  const outer = indentBefore(text, [...root.entries.values()][0]?.at.start ?? 0) ?? '';
  const inner = indentBefore(text, first.at.start);
  return inner?.startsWith(outer) && inner.length > outer.length ? inner.slice(outer.length) : fallback;
}

/** The white space that the offset's line begins with; undefined when something else stands before the offset. */
export function indentBefore(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset).replace(/^\uFEFF/, '');
  return /^[ \t]*$/.test(before) ? before : undefined;
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found++;
  return found;
}
