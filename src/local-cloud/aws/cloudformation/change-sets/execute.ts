import type { Call } from '../../../kernel/service.js';
import { type ActualStates, takeActualStates } from '../engine/actual-state.js';
import type { Engine } from '../engine/engine.js';
import { invalidChangeSetStatus, validationError } from '../errors.js';
import { flag, type QueryInput, text } from '../input.js';
import { beginCreate, beginUpdate } from '../operations/begin.js';
import type { ChangeSet, OnFailure } from '../state/records.js';
import type { State } from '../state/state.js';
import { findChangeSet } from './find.js';

/** ExecuteChangeSet: answers at once, and the stack changes afterwards. */
export function executeChangeSet(state: State, engine: Engine, input: QueryInput, call: Call): object {
  const changeSet = findChangeSet(state, input, call);
  const token = text(input, 'ClientRequestToken');
  if (changeSet.executionStatus !== 'AVAILABLE') {
    if (token !== undefined && changeSet.executionToken === token) return {};
    throw invalidChangeSetStatus(
      changeSet.status === 'CREATE_COMPLETE'
        ? `ChangeSet [${changeSet.id}] cannot be executed in its current execution status of [${changeSet.executionStatus}]`
        : `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
    );
  }
  const disableRollback = flag(input, 'DisableRollback');
  if (disableRollback !== undefined && changeSet.onStackFailure !== undefined)
    throw validationError(
      'DisableRollback cannot be specified when the change set was created with OnStackFailure.',
    );
  const onFailure: OnFailure =
    changeSet.onStackFailure ?? ((disableRollback ?? changeSet.disableRollback) ? 'DO_NOTHING' : 'ROLLBACK');
  begin(state, engine, changeSet, call, {
    onFailure,
    retainExceptOnCreate: flag(input, 'RetainExceptOnCreate') ?? false,
    ...(token === undefined ? {} : { token }),
  });
  return {};
}

function begin(
  state: State,
  engine: Engine,
  changeSet: ChangeSet,
  call: Call,
  options: { onFailure: OnFailure; retainExceptOnCreate: boolean; token?: string },
): void {
  for (const other of state.changeSets.values())
    if (other.stackId === changeSet.stackId && other.id !== changeSet.id) state.changeSets.delete(other.id);
  state.changeSets.set(changeSet.id, {
    ...changeSet,
    executionStatus: 'EXECUTE_IN_PROGRESS',
    closed: true,
    ...(options.token === undefined ? {} : { executionToken: options.token }),
  });
  state.change(changeSet.stackId, { changeSetId: changeSet.id });
  if (changeSet.actual !== undefined)
    takeActualStates(state, changeSet.stackId, state.open(changeSet.actual) as ActualStates);
  if (changeSet.type === 'CREATE')
    beginCreate(state, engine, changeSet.stackId, changeSet.configuration, call, options);
  else beginUpdate(state, engine, changeSet.stackId, changeSet.configuration, call, options);
}
