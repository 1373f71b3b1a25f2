import { type DeployedScope, declaredProperties } from '../stack/resolve-properties.js';
import { parseTemplate } from '../stack/template.js';
import type { World } from './world.js';

/** A resource of our own stack as its deployed template declares it: what it was before anybody's hand. */
export interface DeclaredResource {
  logicalId: string;
  type: string;
  /** Null while the stack has made none. */
  physicalId: string | null;
  properties: Record<string, unknown>;
}

/**
 * Every resource of our own stack that can be told from here. Deploying an unchanged template repairs nothing that
 * was changed by hand; this is what to put it back to. Empty for a stack of somebody else's, and where none is.
 */
export function declaredResources(world: World): Promise<DeclaredResource[]> {
  return world.once('declared resources', async () => {
    const scope = world.settings.stack.managed ? await deployedScope(world) : undefined;
    if (!scope) return [];
    return Object.entries(scope.template.Resources).flatMap(([logicalId, { Type }]) => {
      const properties = declaredProperties(scope, logicalId);
      return properties
        ? [{ logicalId, type: Type, physicalId: scope.physicalIds[logicalId] ?? null, properties }]
        : [];
    });
  });
}

async function deployedScope(world: World): Promise<DeployedScope | undefined> {
  const { name } = world.settings.stack;
  const [stack, body, resources, { account }] = await Promise.all([
    world.cloudformation.stack(name),
    world.cloudformation.template(name),
    world.cloudformation.resources(name),
    world.sts.callerIdentity(),
  ]);
  if (!stack || body === undefined) return undefined;
  return {
    template: parseTemplate(body),
    parameters: stack.parameters,
    physicalIds: Object.fromEntries(
      resources.flatMap(({ logicalId, physicalId }) => (physicalId ? [[logicalId, physicalId]] : [])),
    ),
    stackName: stack.name,
    stackId: stack.id,
    account,
    region: world.settings.region,
  };
}
