import { parseTemplate } from '../stack/template.js';
import type { World } from './world.js';

/**
 * What a stack's own template states of a resource, as it is written there: what a live resource cannot tell is
 * whether a value was chosen or is only the default. Undefined when the stack does not have it.
 */
export async function declaredProperties(
  world: World,
  type: string,
  physicalId: string,
): Promise<Record<string, unknown> | undefined> {
  const stack = world.settings.stack.name;
  const [resources, body] = await Promise.all([
    world.cloudformation.resources(stack),
    world.cloudformation.expandedTemplate(stack),
  ]);
  const resource = resources.find((one) => one.type === type && one.physicalId === physicalId);
  if (!resource || body === undefined) return undefined;
  return parseTemplate(body).Resources[resource.logicalId]?.Properties ?? {};
}
