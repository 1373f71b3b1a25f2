import type { StackResource } from '../aws/cloudformation.js';
import type { World } from './world.js';

/** Deeper than anybody nests stacks. */
const DEEPEST = 5;

/** A stack's resources with those of the stacks nested in it. */
export async function stackResources(world: World, stack: string, depth = 0): Promise<StackResource[]> {
  const resources = await world.cloudformation.resources(stack);
  const nested = resources.filter((one) => one.type === 'AWS::CloudFormation::Stack' && one.physicalId);
  if (depth >= DEEPEST || nested.length === 0) return resources;
  const inner = await Promise.all(
    nested.map((one) => stackResources(world, one.physicalId ?? '', depth + 1)),
  );
  return [...resources, ...inner.flat()];
}

/** Physical ids of a type. */
export const idsOf = (resources: readonly StackResource[], type: string): string[] =>
  resources
    .filter((resource) => resource.type === type)
    .map((resource) => resource.physicalId)
    .filter((id) => id !== null);
