import type { Intrinsic } from '../document/intrinsics.js';
import type { TemplateNode } from '../document/node.js';

/** A value that a patch writes. Keys keep their order. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value } | Call;

/** An intrinsic function in it. */
export class Call {
  constructor(
    readonly name: Intrinsic,
    readonly argument: Value,
  ) {}
}

export const ref = (id: string): Call => new Call('Ref', id);
export const getAtt = (id: string, attribute: string): Call => new Call('Fn::GetAtt', [id, attribute]);
export const sub = (text: string): Call => new Call('Fn::Sub', text);

/** What a node says, to be written a second time somewhere else. */
export function copied(node: TemplateNode): Value {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'list':
      return node.items.map(copied);
    case 'map':
      return Object.fromEntries([...node.entries.values()].map((entry) => [entry.key, copied(entry.value)]));
    case 'call':
      return node.name === 'Fn::GetAtt' && node.argument.kind === 'scalar'
        ? new Call('Fn::GetAtt', attributeOf(node.argument.text))
        : new Call(node.name, copied(node.argument));
  }
}

function attributeOf(text: string): string[] {
  const dot = text.indexOf('.');
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
