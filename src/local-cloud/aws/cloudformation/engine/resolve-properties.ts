import type { Properties } from '../../../kernel/resource-type.js';
import type { Principal } from '../../../kernel/service.js';
import type { Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import { resolveDynamicReferences } from '../template/dynamic-references.js';
import { resolveMembers } from '../template/intrinsics.js';
import type { View } from './stack-scope.js';

/** A resource's properties with functions and dynamic references resolved. Throws `ValidationError`. */
export async function resolveProperties(
  state: State,
  stack: Stack,
  view: View,
  logicalId: string,
  principal: Principal,
): Promise<Properties> {
  const declaration = view.template.resources[logicalId];
  const resolved = resolveMembers(declaration?.properties ?? {}, view.scope);
  const properties = await resolveDynamicReferences(resolved, `${declaration?.type}/Properties`, (name) =>
    readParameter(state, stack.region, name, principal),
  );
  return properties as Properties;
}

/** `undefined` when there is no such parameter. `name` may carry `:version`. */
export async function readParameter(
  state: State,
  region: string,
  name: string,
  principal: Principal,
): Promise<{ type: string; value: string } | undefined> {
  const output = await state.cloud.call('ssm', 'GetParameters', { Names: [name] }, { principal, region });
  const found = (output as { Parameters?: { Type: string; Value: string }[] }).Parameters?.[0];
  return found && { type: found.Type, value: found.Value };
}
