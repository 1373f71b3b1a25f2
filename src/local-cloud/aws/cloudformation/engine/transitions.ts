import { stackStatus } from '../state/events.js';
import type { StackOperation } from '../state/records.js';
import type { Run } from './run.js';

/** Goes on with another phase: the status, its event and the phase change together, so that a kill falls between phases. */
export function turnTo(run: Run, phase: StackOperation['phase'], status: string, reason?: string): void {
  run.changeOperation({ phase });
  stackStatus(run.state, run.stackId, status, reason);
  run.state.cloud.store.flush();
}

/** The operation is over. */
export function finish(run: Run, status: string, reason?: string): void {
  const { state, stackId } = run;
  stackStatus(state, stackId, status, reason);
  closeChangeSet(run, status);
  if (/^(CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE)$/.test(status)) {
    const { stable: _old, ...stack } = state.current(stackId);
    state.stacks.set(stackId, stack);
  }
  if (status === 'DELETE_COMPLETE')
    for (const changeSet of state.changeSets.values())
      if (changeSet.stackId === stackId) state.changeSets.delete(changeSet.id);
  state.operations.delete(stackId);
  state.cloud.store.flush();
}

function closeChangeSet(run: Run, status: string): void {
  const executed =
    run.stack.changeSetId === undefined ? undefined : run.state.changeSets.get(run.stack.changeSetId);
  if (executed?.executionStatus !== 'EXECUTE_IN_PROGRESS') return;
  const complete = status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE';
  run.state.changeSets.set(executed.id, {
    ...executed,
    executionStatus: complete ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED',
  });
}

/** Forgets what a rollback would have needed: the stack is now as its configuration says. */
export function settleResources(run: Run): void {
  for (const resource of run.state.resourcesOf(run.stackId)) {
    const { earlier: _earlier, change: _change, attempted: _attempted, ...rest } = resource;
    run.state.putResource(rest);
  }
}
