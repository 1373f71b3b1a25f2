import type { Properties, ResourceType } from '../../../kernel/resource-type.js';
import type { ActualStates } from '../engine/actual-state.js';
import { needOf } from '../engine/differences.js';
import { resolveProperties } from '../engine/resolve-properties.js';
import { attributeOf, exportedValue, type View, viewOf } from '../engine/stack-scope.js';
import type { ChangeSet, PhysicalState, Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import { dependencyGraph, dependencyOrder } from '../template/order.js';
import { KNOWN_AFTER_APPLY } from '../template/scope.js';

/** What a change set would make of one resource of its template. */
export interface Prediction {
  logicalId: string;
  type: ResourceType;
  need: 'create' | 'replace' | 'update' | 'keep';
  /** Values that only exist later read `KNOWN_AFTER_APPLY`. */
  properties: Properties;
  before?: Properties;
}

export interface Predicted {
  view: View;
  byId: Map<string, Prediction>;
}

/** What AWS takes a Ref for while it works out a change set that reverts drift, where it is mistaken. */
function mistakenRef(state: State, physical: PhysicalState): string | undefined {
  const identifiedBy = state.cloud.resourceType(physical.type)?.identifiedBy;
  return identifiedBy === undefined ? undefined : String(state.propertiesOf(physical)[identifiedBy]);
}

/** Goes through the resources in dependency order, knowing of each what its dependencies will become. Throws `ValidationError`. */
export async function predict(
  state: State,
  stack: Stack,
  changeSet: ChangeSet,
  actual: ActualStates = {},
): Promise<Predicted> {
  const byId = new Map<string, Prediction>();
  const stays = (logicalId: string) => {
    const need = byId.get(logicalId)?.need;
    return need === 'keep' || need === 'update' ? state.resource(stack.id, logicalId)?.state : undefined;
  };
  const view = viewOf(state, stack, changeSet.configuration, {
    ref: (logicalId) => {
      const physical = stays(logicalId);
      if (!physical) return KNOWN_AFTER_APPLY;
      return (
        (changeSet.revertsDrift && mistakenRef(state, physical)) || (physical.ref ?? physical.physicalId)
      );
    },
    attribute: (logicalId, name) => {
      const physical = stays(logicalId);
      return physical ? attributeOf(logicalId, physical.attributes, name) : KNOWN_AFTER_APPLY;
    },
    // What is not exported yet may be when the change set is executed; only then is it missing.
    importValue: (name) => exportedValue(state, stack.region, name) ?? KNOWN_AFTER_APPLY,
  });
  for (const logicalId of dependencyOrder(dependencyGraph(view.template, view.enabled))) {
    const type = state.cloud.resourceType(view.template.resources[logicalId]?.type ?? '') as ResourceType;
    const properties = await resolveProperties(state, stack, view, logicalId, changeSet.principal);
    const physical = actual[logicalId] === null ? undefined : state.resource(stack.id, logicalId)?.state;
    const before = physical && {
      properties: actual[logicalId] ?? state.propertiesOf(physical),
      tags: physical.tags,
    };
    const need = needOf(type, before, { properties, tags: changeSet.configuration.tags });
    byId.set(logicalId, {
      logicalId,
      type,
      need,
      properties,
      ...(before ? { before: before.properties } : {}),
    });
  }
  return { view, byId };
}
