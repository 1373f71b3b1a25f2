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
  const expected = state.propertiesOf(physical);
  const read = state.cloud.resourceType(physical.type)?.read;
  const base = { checked, expected: physical.properties, differences: [] };
  if (!read) return { ...base, status: 'NOT_CHECKED' };
  const stack = state.current(resource.stackId);
  const principal = actingPrincipal(stack.configuration, detection.principal);
  const actual = await read(
    physical.physicalId,
    expected,
    contextFor(state, stack, resource, physical.tags, principal),
  );
  if (actual === undefined) return { ...base, status: 'DELETED' };
  // Only what the template states is compared.
  const stated = Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name]]));
  const inherited = resourceTags(stack, resource.logicalId, physical.tags);
  const wanted = withTags(expected, comparableTags(expected.Tags, expected.Tags, inherited));
  const found = withTags(stated, comparableTags(stated.Tags, expected.Tags, inherited));
  if (sameValue(wanted, found)) return { ...base, status: 'IN_SYNC', actual: state.seal(found) };
  return {
    ...base,
    status: 'MODIFIED',
    actual: state.seal(found),
    differences: propertyDifferences(wanted, found),
  };
}

function withTags(properties: Record<string, unknown>, tags: unknown): Record<string, unknown> {
  return properties.Tags === undefined ? properties : { ...properties, Tags: tags };
}
