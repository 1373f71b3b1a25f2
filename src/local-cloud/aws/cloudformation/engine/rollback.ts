import { resourceStatus } from '../state/events.js';
import type { PhysicalState, StackResource } from '../state/records.js';
import { contextFor } from './context.js';
import { failureReason } from './failure-reason.js';
import { UPDATE_MS } from './pace.js';
import { beginAttempt, fail } from './provision.js';
import type { Run } from './run.js';
import { runGraph } from './run-graph.js';

/** Returns every resource that an update touched to what it was. Returns the ids that could not be. */
export async function revertAll(run: Run): Promise<string[]> {
  const touched = run.state
    .resourcesOf(run.stackId)
    .filter(({ change }) => change === 'updated' || change === 'replaced');
  const ids = new Set(touched.map(({ logicalId }) => logicalId));
  const graph = new Map(
    touched.map((one) => [one.logicalId, (one.earlier?.dependencies ?? []).filter((id) => ids.has(id))]),
  );
  const outcome = await runGraph(graph, (logicalId) => revertOne(run, logicalId), { stopOnFailure: true });
  return outcome.failed;
}

async function revertOne(run: Run, logicalId: string): Promise<boolean> {
  const resource = run.state.resource(run.stackId, logicalId) as StackResource;
  const earlier = resource.earlier as PhysicalState;
  if (run.operation.leave.includes(logicalId)) {
    // The caller says it is as it should be: ContinueUpdateRollback's ResourcesToSkip.
    settle(run, logicalId, earlier, 'UPDATE_COMPLETE');
    return true;
  }
  if (resource.change === 'replaced') {
    const replacement = resource.state as PhysicalState;
    settle(run, logicalId, earlier, 'UPDATE_COMPLETE', [...(resource.leftovers ?? []), replacement]);
    return true;
  }
  return revertInPlace(run, resource, earlier);
}

async function revertInPlace(run: Run, resource: StackResource, earlier: PhysicalState): Promise<boolean> {
  const { state } = run;
  const { logicalId } = resource;
  const current = resource.state as PhysicalState;
  const now = resource.attempted ?? current.properties;
  // Only what the template keeps beside the thing was changed: there is nothing to call.
  if (now === earlier.properties && JSON.stringify(current.tags) === JSON.stringify(earlier.tags)) {
    settle(run, logicalId, earlier);
    return true;
  }
  const begun = beginAttempt(run, logicalId, earlier.type, 'update', () => [
    'UPDATE_IN_PROGRESS',
    undefined,
    earlier.properties,
  ]);
  await run.pause(UPDATE_MS);
  try {
    const context = contextFor(state, run.stack, begun, earlier.tags, run.principal);
    const previous = state.open(now) as Record<string, unknown>;
    await state.cloud
      .resourceType(earlier.type)
      ?.update?.(earlier.physicalId, state.propertiesOf(earlier), previous, context);
    settle(run, logicalId, earlier, 'UPDATE_COMPLETE');
    return true;
  } catch (error) {
    return fail(run, begun, 'UPDATE_FAILED', failureReason(error, begun.attempt?.requestToken ?? ''));
  }
}

function settle(
  run: Run,
  logicalId: string,
  earlier: PhysicalState,
  status?: string,
  leftovers?: PhysicalState[],
): void {
  const {
    attempt: _a,
    attempted: _t,
    earlier: _e,
    change: _c,
    ...rest
  } = run.state.resource(run.stackId, logicalId) as StackResource;
  const next: StackResource = {
    ...rest,
    type: earlier.type,
    state: earlier,
    physicalId: earlier.physicalId,
    change: 'reverted',
    ...(leftovers ? { leftovers } : {}),
  };
  if (status === undefined) run.state.putResource(next);
  else resourceStatus(run.state, next, status);
  run.state.cloud.store.flush();
}
