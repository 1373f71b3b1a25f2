import type { Call } from '../../../kernel/service.js';
import type { Engine } from '../engine/engine.js';
import { stackStatus } from '../state/events.js';
import type { Configuration, OnFailure, StackOperation } from '../state/records.js';
import type { State } from '../state/state.js';
import { putOperation } from './new-stack.js';

export interface BeginOptions {
  onFailure: OnFailure;
  retainExceptOnCreate: boolean;
  token?: string;
}

type Caller = Pick<Call, 'principal'>;

/** Starts the first creation of a stack from a configuration. */
export function beginCreate(
  state: State,
  engine: Engine,
  stackId: string,
  configuration: Configuration,
  call: Caller,
  options: BeginOptions,
): StackOperation {
  state.change(stackId, {
    configuration,
    disableRollback: options.onFailure === 'DO_NOTHING',
    updated: state.cloud.clock.now(),
  });
  const operation = putOperation(state, stackId, call, { type: 'CREATE_STACK', phase: 'create', ...options });
  stackStatus(state, stackId, 'CREATE_IN_PROGRESS', 'User Initiated');
  engine.begin(operation);
  return operation;
}

/** Starts an update. What the stack was stays known until the update is settled. */
export function beginUpdate(
  state: State,
  engine: Engine,
  stackId: string,
  configuration: Configuration,
  call: Caller,
  options: BeginOptions,
): StackOperation {
  const stack = state.current(stackId);
  const stable = stack.stable ?? (stack.status === 'CREATE_FAILED' ? undefined : stack.configuration);
  state.change(stackId, {
    configuration,
    ...(stable ? { stable } : {}),
    disableRollback: options.onFailure === 'DO_NOTHING',
    updated: state.cloud.clock.now(),
  });
  const operation = putOperation(state, stackId, call, { type: 'UPDATE_STACK', phase: 'update', ...options });
  stackStatus(state, stackId, 'UPDATE_IN_PROGRESS', 'User Initiated');
  engine.begin(operation);
  return operation;
}
