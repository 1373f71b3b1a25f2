import type { Call } from '../../../kernel/service.js';
import type { Engine } from '../engine/engine.js';
import { validationError } from '../errors.js';
import { flag, type QueryInput, requiredText, text, texts } from '../input.js';
import { stackStatus } from '../state/events.js';
import type { State } from '../state/state.js';
import { putOperation } from './new-stack.js';

/** CancelUpdateStack: what the update did so far is undone. */
export function cancelUpdateStack(state: State, input: QueryInput, call: Call): object {
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  const operation = state.operations.get(stack.id);
  if (stack.status !== 'UPDATE_IN_PROGRESS' || !operation)
    throw validationError(`CancelUpdateStack cannot be called from current stack status`);
  state.operations.set(stack.id, { ...operation, cancelled: 'User Initiated', onFailure: 'ROLLBACK' });
  return {};
}

/** ContinueUpdateRollback: tries again what a failed rollback could not do, leaving `ResourcesToSkip` as they are. */
export function continueUpdateRollback(state: State, engine: Engine, input: QueryInput, call: Call): object {
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`);
  const leave = texts(input, 'ResourcesToSkip');
  for (const logicalId of leave)
    if (state.resource(stack.id, logicalId)?.status !== 'UPDATE_FAILED')
      throw validationError(
        `Resource ${logicalId} cannot be skipped: it is not in the UPDATE_FAILED state because of a failed rollback.`,
      );
  const operation = putOperation(state, stack.id, call, {
    type: 'CONTINUE_ROLLBACK',
    phase: 'update-rollback',
    leave,
    ...tokenOf(input),
  });
  stackStatus(state, stack.id, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
  engine.begin(operation);
  return { OperationId: operation.id };
}

/** RollbackStack: for a stack whose failed creation or update was kept (DisableRollback). */
export function rollbackStack(state: State, engine: Engine, input: QueryInput, call: Call): object {
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED')
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
  const toNothing = stack.stable === undefined;
  const operation = putOperation(state, stack.id, call, {
    type: 'ROLLBACK',
    phase: toNothing ? 'rollback' : 'update-rollback',
    retainExceptOnCreate: flag(input, 'RetainExceptOnCreate') ?? false,
    ...tokenOf(input),
  });
  stackStatus(
    state,
    stack.id,
    toNothing ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS',
    'User Initiated',
  );
  engine.begin(operation);
  return { StackId: stack.id, OperationId: operation.id };
}

function tokenOf(input: QueryInput): { token?: string } {
  const token = text(input, 'ClientRequestToken');
  return token === undefined ? {} : { token };
}

/** UpdateTerminationProtection. */
export function updateTerminationProtection(state: State, input: QueryInput, call: Call): object {
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  state.change(stack.id, { terminationProtection: flag(input, 'EnableTerminationProtection') ?? false });
  return { StackId: stack.id };
}
