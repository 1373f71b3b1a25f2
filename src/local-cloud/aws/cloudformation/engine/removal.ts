import type { StackResource } from '../state/records.js';
import { reversed } from '../template/order.js';
import type { Run } from './run.js';
import { runGraph } from './run-graph.js';
import { deleteResource } from './unprovision.js';

/** Deletes resources, each after everything that depends on it. Returns the ids that could not be deleted. */
export async function removeAll(
  run: Run,
  resources: StackResource[],
  keep: (resource: StackResource) => boolean,
): Promise<string[]> {
  const ids = new Set(resources.map(({ logicalId }) => logicalId));
  const needs = new Map(
    resources.map(({ logicalId, state }) => [
      logicalId,
      (state?.dependencies ?? []).filter((id) => ids.has(id)),
    ]),
  );
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const outcome = await runGraph(
    reversed(needs),
    (logicalId) => deleteResource(run, logicalId, keep(byId.get(logicalId) as StackResource)),
    { stopOnFailure: false },
  );
  return outcome.failed;
}

/** Whether the deletion policy keeps a thing when its stack goes, or its declaration is removed. */
export function keptOnDelete(resource: StackResource): boolean {
  return (
    resource.state?.deletionPolicy === 'Retain' || resource.state?.deletionPolicy === 'RetainExceptOnCreate'
  );
}

/** Whether a thing made by the very operation that is rolled back is kept. */
export function keptOnRollback(run: Run): (resource: StackResource) => boolean {
  return (resource) => resource.state?.deletionPolicy === 'Retain' && !run.operation.retainExceptOnCreate;
}
