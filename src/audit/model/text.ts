import { type CallNode, isList, scalarText, type TemplateNode } from '../document/node.js';

/** What a reference stands for in a text that is known only when it is deployed. */
export interface Reference {
  /** A logical id, a parameter, a pseudo parameter; `?` for what cannot be known. */
  ref: string;
  attribute?: string;
}

/** A string as the template composes it. */
export type Text = readonly (string | Reference)[];

/** Attributes of our own: the halves of `bus|rule`, which is what `Ref` of a rule gives. */
export const RULE_NAME = '$rule-name';
export const RULE_BUS = '$rule-bus';

/** The string that a node makes, as far as it can be known. Undefined for maps and lists. */
export function textOf(node: TemplateNode | undefined): Text | undefined {
  if (!node) return undefined;
  if (node.kind === 'scalar') return [node.text];
  if (node.kind !== 'call') return undefined;
  return joined(callText(node)) ?? [{ ref: `?${node.start}` }];
}

/** The one reference that the node is, and nothing beside it: `!Ref X`, `!GetAtt X.Arn`, `!Sub ${X.Arn}`. */
export function referenceOf(node: TemplateNode | undefined): Reference | undefined {
  const [only, ...more] = textOf(node) ?? [];
  return typeof only === 'object' && more.length === 0 && !only.ref.startsWith('?') ? only : undefined;
}

/** Every reference in the text. */
export const referencesIn = (text: Text | undefined): Reference[] =>
  (text ?? []).filter((part): part is Reference => typeof part === 'object');

export const sameText = (one: Text | undefined, other: Text | undefined): boolean =>
  one !== undefined && other !== undefined && keyOf(one) === keyOf(other);

/** The text for comparing and for showing: `${Stage}-stripe`. */
export const keyOf = (text: Text): string =>
  text.map((part) => (typeof part === 'string' ? part : shown(part))).join('');

const shown = ({ ref, attribute }: Reference): string =>
  `\${${attribute === undefined ? ref : `${ref}.${attribute}`}}`;

function callText(call: CallNode): Text | undefined {
  switch (call.name) {
    case 'Ref':
      return [{ ref: scalarText(call.argument) ?? '?' }];
    case 'Fn::GetAtt':
      return attributeText(call.argument);
    case 'Fn::Sub':
      return substituted(call.argument);
    case 'Fn::Join':
      return joinedText(call.argument);
    case 'Fn::Select':
      return selected(call.argument);
    default:
      return undefined;
  }
}

function attributeText(argument: TemplateNode): Text | undefined {
  const [ref, attribute] = isList(argument)
    ? argument.items.map(scalarText)
    : splitOnce(scalarText(argument) ?? '', '.');
  return ref ? [{ ref, ...(attribute ? { attribute } : {}) }] : undefined;
}

function substituted(argument: TemplateNode): Text | undefined {
  const [pattern, values] = isList(argument) ? argument.items : [argument];
  const template = scalarText(pattern);
  if (template === undefined) return undefined;
  return template.split(/(\$\{[^}]*\})/).flatMap((piece): Text => {
    if (!piece.startsWith('${')) return [piece];
    const name = piece.slice(2, -1).trim();
    if (name.startsWith('!')) return [`\${${name.slice(1)}}`];
    const given = values?.kind === 'map' ? values.entries.get(name)?.value : undefined;
    if (given) return textOf(given) ?? [{ ref: `?${given.start}` }];
    const [ref = '', attribute] = splitOnce(name, '.');
    return [{ ref, ...(attribute ? { attribute } : {}) }];
  });
}

function joinedText(argument: TemplateNode): Text | undefined {
  if (!isList(argument)) return undefined;
  const [delimiter, list] = argument.items;
  const between = scalarText(delimiter) ?? '';
  if (!isList(list)) return undefined;
  return list.items.flatMap((item, index): Text => {
    const text = textOf(item) ?? [{ ref: `?${item.start}` }];
    return index === 0 ? text : [between, ...text];
  });
}

/** `!Select [1, !Split ['|', !Ref Rule]]` is the rule's name, `0` its bus. */
function selected(argument: TemplateNode): Text | undefined {
  if (!isList(argument)) return undefined;
  const [index, list] = argument.items;
  if (list?.kind !== 'call' || list.name !== 'Fn::Split' || !isList(list.argument)) return undefined;
  const [delimiter, source] = list.argument.items;
  const rule = referenceOf(source);
  if (!rule) return undefined;
  const number = Number(scalarText(index));
  if (scalarText(delimiter) === '|' && rule.attribute === undefined)
    return [{ ref: rule.ref, attribute: number === 0 ? RULE_BUS : RULE_NAME }];
  if (scalarText(delimiter) === '/' && rule.attribute === 'Arn' && number > 0)
    return [{ ref: rule.ref, attribute: RULE_NAME }];
  return undefined;
}

/** Neighbouring strings as one; empty ones left out. */
function joined(text: Text | undefined): Text | undefined {
  const parts: (string | Reference)[] = [];
  for (const part of text ?? []) {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else if (part !== '') parts.push(part);
  }
  return text && parts;
}

function splitOnce(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}
