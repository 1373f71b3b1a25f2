import type { Properties } from '../../../kernel/resource-type.js';
import type { Principal } from '../../../kernel/service.js';
import type { Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import { changedProperties } from './differences.js';
import { compareLive } from './drift.js';

/** Properties of drifted resources as they are there now, by logical id; `null` for what was deleted. */
export type ActualStates = Record<string, Properties | null>;

/** Looks at every resource of a stack, for a drift-aware change set. */
export async function actualStates(state: State, stack: Stack, principal: Principal): Promise<ActualStates> {
  const drifted: ActualStates = {};
  for (const resource of state.resourcesOf(stack.id)) {
    if (!resource.state) continue;
    const compared = await compareLive(state, resource, resource.state, principal);
    if (compared === 'unreadable') continue;
    if (compared === 'deleted') {
      drifted[resource.logicalId] = null;
      continue;
    }
    const { wanted, found } = compared;
    const changed = changedProperties(wanted, found);
    if (changed.length > 0)
      drifted[resource.logicalId] = {
        ...state.propertiesOf(resource.state),
        ...Object.fromEntries(changed.map((name) => [name, found[name]])),
      };
  }
  return drifted;
}

/** From here on the stack's resources count as what they really are, so that an update brings them back. */
export function takeActualStates(state: State, stackId: string, actual: ActualStates): void {
  for (const [logicalId, properties] of Object.entries(actual)) {
    const resource = state.resource(stackId, logicalId);
    if (!resource?.state) continue;
    const { state: physical, ...rest } = resource;
    state.putResource(
      properties === null ? rest : { ...rest, state: { ...physical, properties: state.seal(properties) } },
    );
  }
}
