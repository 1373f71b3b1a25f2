import {
  everythingIn,
  isList,
  isMap,
  type MapEntry,
  type ScalarNode,
  type Span,
  type TemplateNode,
  valueAt,
} from '../document/node.js';
import { kindOfName, kindOfValue } from './secret-names.js';
import { PLACE_TEXT } from './secret-text.js';
import { writtenElsewhere } from './secrets.js';
import type { Template } from './template.js';
import { textOf } from './text.js';

/** Where secrets stand in the text, by what they are and by the name that they stand under: shown nowhere. */
export function secretSpans(template: Template): Span[] {
  return template.once('secret spans', () => {
    const spans: Span[] = writtenElsewhere(template).flatMap(({ at }) => hiddenLeaves(at));
    for (const node of everythingIn(template.document.root)) {
      if (!isMap(node)) continue;
      for (const entry of node.entries.values())
        if (holdsSecret(entry)) spans.push(...hiddenLeaves(valueAt(entry.value, 'Default') ?? entry.value));
    }
    return spans;
  });
}

/** An entry under a secret's name, or one that is composed to a secret. */
function holdsSecret({ key, value }: MapEntry): boolean {
  const named = kindOfName(key) !== undefined || key === 'SecretString';
  if (named && (value.kind === 'scalar' || value.kind === 'call')) return true;
  if (isMap(value)) {
    const fallback = textOf(valueAt(value, 'Default'))?.[0];
    return fallback !== undefined && (named || (typeof fallback === 'string' && isSecretValue(fallback)));
  }
  const text = value.kind === 'call' || value.kind === 'scalar' ? textOf(value) : undefined;
  return text?.some((part) => typeof part === 'string' && isSecretValue(part)) ?? false;
}

const isSecretValue = (text: string): boolean => kindOfValue(text) !== undefined;

/** The words of a value that are its own: no logical ids, no names of conditions, no delimiters. */
function hiddenLeaves(node: TemplateNode): ScalarNode[] {
  if (node.kind === 'scalar') return isHidden(node.text) ? [node] : [];
  if (isList(node)) return node.items.flatMap(hiddenLeaves);
  if (isMap(node)) return [...node.entries.values()].flatMap((entry) => hiddenLeaves(entry.value));
  const { name, argument } = node;
  if (name === 'Fn::If' || name === 'Fn::Join')
    return isList(argument) ? argument.items.slice(1).flatMap(hiddenLeaves) : [];
  return ['Fn::Sub', 'Fn::Base64', 'Fn::ToJsonString'].includes(name) ? hiddenLeaves(argument) : [];
}

/** Whether anything is written out beside references and places. */
const isHidden = (text: string): boolean =>
  !PLACE_TEXT.test(text) && !text.startsWith('{{resolve:') && text.replace(/\$\{[^}]*\}/g, '').length > 1;
