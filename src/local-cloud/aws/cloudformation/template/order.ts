import { validationError } from '../errors.js';
import type { Template } from './model.js';
import { usesOf } from './references.js';

/** What each resource needs first: by Ref, GetAtt, Sub and DependsOn. Resources whose condition is false take no part. */
export function dependencyGraph(
  template: Template,
  enabled: (logicalId: string) => boolean = () => true,
): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const [id, resource] of Object.entries(template.resources)) {
    if (!enabled(id)) continue;
    const needed = [...resource.dependsOn, ...usesOf(resource.properties).references.map(({ name }) => name)];
    graph.set(
      id,
      [...new Set(needed)].filter((name) => Object.hasOwn(template.resources, name) && enabled(name)),
    );
  }
  return graph;
}

/** Logical ids, each after what it needs. Throws `ValidationError` naming the resources that need each other. */
export function dependencyOrder(graph: Map<string, string[]>): string[] {
  const order: string[] = [];
  const placed = new Set<string>();
  let waiting = [...graph.keys()];
  while (waiting.length > 0) {
    const ready = waiting.filter((id) => (graph.get(id) as string[]).every((needed) => placed.has(needed)));
    if (ready.length === 0)
      throw validationError(`Circular dependency between resources: [${circle(graph, waiting).join(', ')}]`);
    for (const id of ready) placed.add(id);
    order.push(...ready);
    waiting = waiting.filter((id) => !placed.has(id));
  }
  return order;
}

/** Of those that cannot be placed, the ones on a circle; not those that merely stand behind it. */
function circle(graph: Map<string, string[]>, waiting: string[]): string[] {
  return waiting.filter((id) => reaches(graph, id, id));
}

function reaches(graph: Map<string, string[]>, from: string, goal: string): boolean {
  const seen = new Set<string>();
  const open = [...(graph.get(from) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === goal) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(graph.get(id) ?? []));
  }
  return false;
}

/** The same graph the other way round, for deletion: what must go before each. */
export function reversed(graph: Map<string, string[]>): Map<string, string[]> {
  const result = new Map<string, string[]>([...graph.keys()].map((id) => [id, []]));
  for (const [id, needed] of graph) for (const name of needed) result.get(name)?.push(id);
  return result;
}
