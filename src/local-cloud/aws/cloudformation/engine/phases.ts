import { resourceStatus } from '../state/events.js';
import type { StackOperation, StackResource } from '../state/records.js';
import { bringAbout } from './forward.js';
import { importersOf } from './imports.js';
import { stackOutputs } from './outputs.js';
import { PHASE_MS } from './pace.js';
import { keptOnDelete, keptOnRollback, removeAll } from './removal.js';
import { revertAll } from './rollback.js';
import type { Run } from './run.js';
import { viewOf } from './stack-scope.js';
import { finish, settleResources, turnTo } from './transitions.js';
import { deleteLeftovers } from './unprovision.js';

type Phase = (run: Run) => Promise<void>;

/** What each phase of an operation does. Each ends by turning to another phase or by finishing the operation. */
export const PHASES: Record<StackOperation['phase'], Phase> = {
  create: async (run) => {
    const reason = await forwardFailure(run, 'create');
    if (reason === undefined) {
      settleResources(run);
      finish(run, 'CREATE_COMPLETE');
      return;
    }
    if (run.operation.onFailure === 'DO_NOTHING') finish(run, 'CREATE_FAILED', reason);
    else if (run.operation.onFailure === 'DELETE') turnTo(run, 'delete', 'DELETE_IN_PROGRESS', reason);
    else turnTo(run, 'rollback', 'ROLLBACK_IN_PROGRESS', `${reason} Rollback requested by user.`);
  },

  rollback: async (run) => {
    await run.pause(PHASE_MS);
    const failed = await removeAll(run, run.state.resourcesOf(run.stackId), keptOnRollback(run));
    run.state.change(run.stackId, { outputs: [] });
    if (failed.length > 0)
      finish(run, 'ROLLBACK_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}]. `);
    else finish(run, 'ROLLBACK_COMPLETE');
  },

  update: async (run) => {
    const reason = await forwardFailure(run, 'update');
    if (reason === undefined) turnTo(run, 'update-cleanup', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    else if (run.operation.onFailure === 'DO_NOTHING') finish(run, 'UPDATE_FAILED', reason);
    else if (run.stack.stable === undefined) turnTo(run, 'rollback', 'ROLLBACK_IN_PROGRESS', reason);
    else {
      run.clearCancellation();
      turnTo(run, 'update-rollback', 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
    }
  },

  'update-cleanup': async (run) => {
    for (const resource of run.state.resourcesOf(run.stackId))
      if (resource.change === 'replaced' && resource.earlier) {
        const { earlier, change: _change, ...rest } = resource;
        run.state.putResource({ ...rest, leftovers: [...(resource.leftovers ?? []), earlier] });
      }
    await cleanUp(run, removedResources(run), keptOnDelete);
    settleResources(run);
    finish(run, 'UPDATE_COMPLETE');
  },

  'update-rollback': async (run) => {
    await run.pause(PHASE_MS);
    const failed = await revertAll(run);
    if (failed.length > 0) {
      finish(
        run,
        'UPDATE_ROLLBACK_FAILED',
        `The following resource(s) failed to update: [${failed.join(', ')}]. `,
      );
      return;
    }
    const { stable } = run.stack;
    if (stable) run.state.change(run.stackId, { configuration: stable });
    turnTo(run, 'update-rollback-cleanup', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  },

  'update-rollback-cleanup': async (run) => {
    const made = run.state
      .resourcesOf(run.stackId)
      .filter(({ change, state }) => change === 'created' || state === undefined);
    await cleanUp(run, made, keptOnRollback(run));
    settleResources(run);
    finish(run, 'UPDATE_ROLLBACK_COMPLETE');
  },

  delete: async (run) => {
    const blocked = run.stack.outputs.find(
      ({ exportName }) =>
        exportName !== undefined && importersOf(run.state, run.stack.region, exportName).length > 0,
    );
    if (blocked) {
      const importers = importersOf(run.state, run.stack.region, blocked.exportName as string);
      finish(
        run,
        'DELETE_FAILED',
        `Delete canceled. Cannot delete export ${blocked.exportName} as it is in use by ${importers.join(' and ')}.`,
      );
      return;
    }
    await run.pause(PHASE_MS);
    const { leave, forceDelete } = run.operation;
    const resources = run.state.resourcesOf(run.stackId);
    for (const { logicalId } of resources) await deleteLeftovers(run, logicalId);
    const failed = await removeAll(
      run,
      resources,
      (resource) => leave.includes(resource.logicalId) || keptOnDelete(resource),
    );
    if (failed.length > 0 && !forceDelete) {
      finish(run, 'DELETE_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}]. `);
      return;
    }
    for (const logicalId of failed)
      resourceStatus(
        run.state,
        run.state.resource(run.stackId, logicalId) as StackResource,
        'DELETE_SKIPPED',
      );
    run.state.change(run.stackId, { deleted: run.state.cloud.clock.now(), outputs: [] });
    finish(run, 'DELETE_COMPLETE');
  },
};

/** Brings the configuration about. Why it could not be; `undefined` when it was. */
async function forwardFailure(run: Run, verb: 'create' | 'update'): Promise<string | undefined> {
  const failed = await bringAbout(run);
  const { cancelled } = run.operation;
  if (failed.length > 0) {
    const of = (kind: string) => failed.filter((id) => run.state.resource(run.stackId, id)?.status === kind);
    const created = of('CREATE_FAILED');
    const updated = of('UPDATE_FAILED');
    const parts = [
      ...(created.length > 0
        ? [`The following resource(s) failed to create: [${created.join(', ')}]. `]
        : []),
      ...(updated.length > 0
        ? [`The following resource(s) failed to update: [${updated.join(', ')}]. `]
        : []),
    ];
    return cancelled ?? parts.join('').trimEnd();
  }
  if (cancelled !== undefined) return cancelled;
  try {
    run.state.change(run.stackId, { outputs: stackOutputs(run.state, run.stack) });
    return undefined;
  } catch (error) {
    return `${(error as Error).message}${verb === 'create' ? '.' : ''}`.replace(/\.\.$/, '.');
  }
}

/** Deletes what an update no longer needs. A deletion that fails here is told of, but fails nothing. */
async function cleanUp(
  run: Run,
  resources: StackResource[],
  keep: (resource: StackResource) => boolean,
): Promise<void> {
  await run.pause(PHASE_MS);
  await Promise.all(
    run.state.resourcesOf(run.stackId).map(({ logicalId }) => deleteLeftovers(run, logicalId)),
  );
  await removeAll(run, resources, keep);
  for (const { logicalId } of resources) {
    const resource = run.state.resource(run.stackId, logicalId);
    if (resource) run.state.removeResource(resource);
  }
}

function removedResources(run: Run): StackResource[] {
  const view = viewOf(run.state, run.stack, run.configuration);
  return run.state
    .resourcesOf(run.stackId)
    .filter(
      ({ logicalId }) => !Object.hasOwn(view.template.resources, logicalId) || !view.enabled(logicalId),
    );
}
