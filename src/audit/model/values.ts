import { isList, isMap, type ListNode, scalarText, type TemplateNode } from '../document/node.js';
import type { Assumptions, Conditions } from './conditions.js';

/** One of the things that a value can be, and which conditions make it so. */
export interface Possibility {
  /** Undefined: nothing stands there, or `AWS::NoValue`. */
  node: TemplateNode | undefined;
  /** Where it is decided, even when nothing stands there. */
  at: TemplateNode | undefined;
  when: Assumptions;
}

/** Everything that a node can be: both branches of every `Fn::If` that the assumptions leave open. */
export function possibilities(
  conditions: Conditions,
  node: TemplateNode | undefined,
  when: Assumptions,
): Possibility[] {
  if (node?.kind !== 'call')
    return [{ node: node?.kind === 'scalar' && node.empty ? undefined : node, at: node, when }];
  if (node.name === 'Ref' && scalarText(node.argument) === 'AWS::NoValue')
    return [{ node: undefined, at: node, when }];
  if (node.name !== 'Fn::If' || !isList(node.argument)) return [{ node, at: node, when }];
  const [name, ifTrue, ifFalse] = node.argument.items;
  return [true, false].flatMap((value) => {
    const assumed = conditions.assume(when, scalarText(name) ?? '', value);
    return assumed ? possibilities(conditions, value ? ifTrue : ifFalse, assumed) : [];
  });
}

/** Everything that can stand below a path of keys. */
export function possibilitiesAt(
  conditions: Conditions,
  node: TemplateNode | undefined,
  path: readonly string[],
  when: Assumptions,
): Possibility[] {
  const [key, ...rest] = path;
  const here = possibilities(conditions, node, when);
  if (key === undefined) return here;
  return here.flatMap((one): Possibility[] => {
    const next = isMap(one.node) ? one.node.entries.get(key)?.value : undefined;
    if (!next) return [{ node: undefined, at: one.at, when: one.when }];
    return possibilitiesAt(conditions, next, rest, one.when);
  });
}

/** The items of a list in every branch; one thing that is no list counts as a list of one. */
export function itemsOf(
  conditions: Conditions,
  node: TemplateNode | undefined,
  when: Assumptions,
): Possibility[] {
  return possibilities(conditions, node, when).flatMap((one) => {
    if (!one.node) return [];
    const items = isList(one.node) ? (one.node as ListNode).items : [one.node];
    return items.flatMap((item) => possibilities(conditions, item, one.when)).filter((item) => item.node);
  });
}
