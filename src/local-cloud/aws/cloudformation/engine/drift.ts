import type { Properties } from '../../../kernel/resource-type.js';
import type { Principal } from '../../../kernel/service.js';
import type { DriftDetection, PhysicalState, ResourceDrift, StackResource } from '../state/records.js';
import type { State } from '../state/state.js';
import { actingPrincipal, contextFor, resourceTags } from './context.js';
import { sameValue } from './differences.js';
import { propertyDifferences } from './drift-differences.js';
import { comparableTags } from './drift-tags.js';
import { DRIFT_MS } from './pace.js';

/** Compares live resources with the template some time later. Safe to call again after a kill. */
export function detectLater(state: State, detectionId: string): void {
  state.cloud.clock.after(DRIFT_MS, () => {
    void detect(state, detectionId).finally(() => state.cloud.store.flush());
  });
}

async function detect(state: State, detectionId: string): Promise<void> {
  const detection = state.detections.get(detectionId);
  if (detection?.status !== 'DETECTION_IN_PROGRESS') return;
  const failures: string[] = [];
  let drifted = 0;
  for (const resource of state.resourcesOf(detection.stackId)) {
    if (!resource.state || (detection.logicalIds && !detection.logicalIds.includes(resource.logicalId)))
      continue;
    try {
      const drift = await driftOf(state, detection, resource, resource.state);
      if (drift.status === 'MODIFIED' || drift.status === 'DELETED') drifted += 1;
      state.putResource({ ...resource, drift });
    } catch (error) {
      failures.push(`${resource.logicalId}: ${(error as Error).message}`);
    }
  }
  const stackDrift = drifted > 0 ? 'DRIFTED' : 'IN_SYNC';
  state.change(detection.stackId, { driftStatus: stackDrift, driftChecked: state.cloud.clock.now() });
  state.detections.set(detectionId, {
    ...detection,
    drifted,
    stackDrift,
    status: failures.length > 0 ? 'DETECTION_FAILED' : 'DETECTION_COMPLETE',
    ...(failures.length > 0
      ? { reason: `Failed to detect drift on resources [${failures.join('; ')}]` }
      : {}),
  });
}

async function driftOf(
  state: State,
  detection: DriftDetection,
  resource: StackResource,
  physical: PhysicalState,
): Promise<ResourceDrift> {
  const checked = state.cloud.clock.now();
  const base = { checked, expected: physical.properties, differences: [] };
  const compared = await compareLive(state, resource, physical, detection.principal);
  if (compared === 'unreadable') return { ...base, status: 'NOT_CHECKED' };
  if (compared === 'deleted') return { ...base, status: 'DELETED' };
  const { wanted, found } = compared;
  if (sameValue(wanted, found)) return { ...base, status: 'IN_SYNC', actual: state.seal(found) };
  return {
    ...base,
    status: 'MODIFIED',
    actual: state.seal(found),
    differences: propertyDifferences(wanted, found),
  };
}

/** What the last deployment stated of a resource, and what is there of it now: only what it stated is compared. */
export async function compareLive(
  state: State,
  resource: StackResource,
  physical: PhysicalState,
  asked: Principal,
): Promise<{ wanted: Properties; found: Properties } | 'deleted' | 'unreadable'> {
  const read = state.cloud.resourceType(physical.type)?.read;
  if (!read) return 'unreadable';
  const expected = state.propertiesOf(physical);
  const stack = state.current(resource.stackId);
  const principal = actingPrincipal(stack.configuration, asked);
  const actual = await read(
    physical.physicalId,
    expected,
    contextFor(state, stack, resource, physical.tags, principal),
  );
  if (actual === undefined) return 'deleted';
  const stated = Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name]]));
  const inherited = resourceTags(stack, resource.logicalId, physical.tags);
  return {
    wanted: withTags(expected, comparableTags(expected.Tags, expected.Tags, inherited)),
    found: withTags(stated, comparableTags(stated.Tags, expected.Tags, inherited)),
  };
}

function withTags(properties: Record<string, unknown>, tags: unknown): Record<string, unknown> {
  return properties.Tags === undefined ? properties : { ...properties, Tags: tags };
}
