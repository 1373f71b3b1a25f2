import { resourceEvent, resourceStatus } from '../state/events.js';
import type { PhysicalState, StackResource } from '../state/records.js';
import { contextFor, newAttempt } from './context.js';
import { failureReason, isGone } from './failure-reason.js';
import { DELETE_MS } from './pace.js';
import type { Run } from './run.js';

/** Deletes the physical thing behind a logical id, or leaves it where `keep` says so. The record stays, without state. */
export async function deleteResource(run: Run, logicalId: string, keep: boolean): Promise<boolean> {
  const { state } = run;
  const known = state.resource(run.stackId, logicalId) as StackResource;
  if (!known.state) {
    // It failed before there was anything: nothing to delete.
    if (known.status !== 'DELETE_COMPLETE') resourceStatus(state, known, 'DELETE_COMPLETE');
    return true;
  }
  if (keep) {
    const { state: _left, change: _change, ...rest } = known;
    resourceStatus(state, rest, 'DELETE_SKIPPED');
    return true;
  }
  const begun =
    known.attempt?.kind === 'delete'
      ? known
      : resourceStatus(state, { ...known, attempt: newAttempt('delete') }, 'DELETE_IN_PROGRESS');
  await run.pause(DELETE_MS);
  const reason = await deletePhysical(run, begun, known.state);
  const { attempt: _over, ...current } = state.resource(run.stackId, logicalId) as StackResource;
  if (reason !== undefined) {
    resourceStatus(state, current, 'DELETE_FAILED', reason);
    return false;
  }
  const { state: _gone, change: _change, drift: _drift, ...rest } = current;
  resourceStatus(state, rest, 'DELETE_COMPLETE');
  state.cloud.store.flush();
  return true;
}

/** Deletes the things that an update left behind a logical id (replaced ones, or a rolled back replacement). */
export async function deleteLeftovers(run: Run, logicalId: string): Promise<boolean> {
  const { state } = run;
  let succeeded = true;
  for (;;) {
    const resource = state.resource(run.stackId, logicalId);
    const [physical, ...others] = resource?.leftovers ?? [];
    if (!resource || !physical) return succeeded;
    succeeded = (await deleteLeftover(run, resource, physical)) && succeeded;
    const { leftovers: _done, ...current } = state.resource(run.stackId, logicalId) as StackResource;
    state.putResource({ ...current, ...(others.length > 0 ? { leftovers: others } : {}) });
  }
}

async function deleteLeftover(run: Run, resource: StackResource, physical: PhysicalState): Promise<boolean> {
  const { state } = run;
  const { stackId, logicalId } = resource;
  const old = { stackId, logicalId, type: physical.type, physicalId: physical.physicalId };
  if (physical.updateReplacePolicy === 'Retain') {
    resourceEvent(state, old, 'DELETE_SKIPPED');
    return true;
  }
  resourceEvent(state, old, 'DELETE_IN_PROGRESS');
  await run.pause(DELETE_MS);
  const reason = await deletePhysical(run, resource, physical);
  resourceEvent(state, old, reason === undefined ? 'DELETE_COMPLETE' : 'DELETE_FAILED', reason);
  return reason === undefined;
}

/** Why it could not be deleted; `undefined` when it is gone. */
async function deletePhysical(
  run: Run,
  resource: StackResource,
  physical: PhysicalState,
): Promise<string | undefined> {
  const { state } = run;
  const type = state.cloud.resourceType(physical.type);
  try {
    const context = contextFor(state, run.stack, resource, physical.tags, run.principal);
    await type?.delete(physical.physicalId, state.propertiesOf(physical), context);
    return undefined;
  } catch (error) {
    return isGone(error) ? undefined : failureReason(error, resource.attempt?.requestToken ?? '');
  }
}
