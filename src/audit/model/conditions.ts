import {
  type CallNode,
  isList,
  isMap,
  type MapNode,
  scalarText,
  type TemplateNode,
} from '../document/node.js';

/** Which conditions are taken to hold, or not to. */
export type Assumptions = ReadonlyMap<string, boolean>;

export const NOTHING_ASSUMED: Assumptions = new Map();

/** The template's conditions. A condition that only turns another around counts as that other. */
export class Conditions {
  constructor(readonly section: MapNode | undefined) {}

  /** Undefined when the assumptions contradict it. */
  assume(assumptions: Assumptions, name: string, value: boolean): Assumptions | undefined {
    const root = this.#root(name);
    const meant = root.negated ? !value : value;
    const known = assumptions.get(root.name);
    if (known === meant) return assumptions;
    return known === undefined ? new Map([...assumptions, [root.name, meant]]) : undefined;
  }

  /** The circles that conditions make: each as the names in it, from the first again to the first. */
  circles(): { names: string[]; at: TemplateNode }[] {
    const found: { names: string[]; at: TemplateNode }[] = [];
    const done = new Set<string>();
    for (const name of this.section?.entries.keys() ?? []) this.#walk(name, [], done, found);
    return found;
  }

  #walk(
    name: string,
    path: string[],
    done: Set<string>,
    found: { names: string[]; at: TemplateNode }[],
  ): void {
    const node = this.section?.entries.get(name)?.value;
    const seen = path.indexOf(name);
    if (seen !== -1 && node) found.push({ names: [...path.slice(seen), name], at: node });
    if (seen !== -1 || done.has(name) || !node) return;
    for (const used of conditionsIn(node)) this.#walk(used, [...path, name], done, found);
    done.add(name);
  }

  #root(name: string): { name: string; negated: boolean } {
    let here = name;
    let negated = false;
    for (const seen = new Set<string>(); !seen.has(here); ) {
      seen.add(here);
      const node = this.section?.entries.get(here)?.value;
      const turned = node?.kind === 'call' && node.name === 'Fn::Not' ? only(node) : undefined;
      const next = conditionNamed(turned ?? node);
      if (next === undefined) break;
      if (turned) negated = !negated;
      here = next;
    }
    return { name: here, negated };
  }
}

const only = (call: CallNode): TemplateNode | undefined =>
  isList(call.argument) && call.argument.items.length === 1 ? call.argument.items[0] : undefined;

const conditionNamed = (node: TemplateNode | undefined): string | undefined =>
  node?.kind === 'call' && node.name === 'Condition' ? scalarText(node.argument) : undefined;

function conditionsIn(node: TemplateNode): string[] {
  const name = conditionNamed(node);
  if (name !== undefined) return [name];
  if (node.kind === 'call') return conditionsIn(node.argument);
  if (isList(node)) return node.items.flatMap(conditionsIn);
  return isMap(node) ? [...node.entries.values()].flatMap((entry) => conditionsIn(entry.value)) : [];
}
