import { randomUUID } from 'node:crypto';
import { ACCOUNT } from '../../../kernel/cloud.js';
import type { Call } from '../../../kernel/service.js';
import { validationError } from '../errors.js';
import type { Configuration, Stack, StackOperation } from '../state/records.js';
import type { State } from '../state/state.js';

const UPDATABLE = [
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
];

export function checkUpdatable(stack: Stack): void {
  if (!UPDATABLE.includes(stack.status))
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

export function newStack(
  state: State,
  call: Call,
  name: string,
  configuration: Configuration,
  status: string,
): Stack {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  const id = `arn:aws:cloudformation:${call.region}:${ACCOUNT}:stack/${name}/${randomUUID()}`;
  return state.stacks.set(id, {
    id,
    name,
    region: call.region,
    status,
    created: state.cloud.clock.now(),
    configuration,
    outputs: [],
    disableRollback: false,
    terminationProtection: false,
    lastOperations: [],
    driftStatus: 'NOT_CHECKED',
  });
}

/** Puts an operation on a stack; the engine carries it out. */
export function putOperation(
  state: State,
  stackId: string,
  call: Pick<Call, 'principal'>,
  fields: Pick<StackOperation, 'type' | 'phase'> & Partial<StackOperation>,
): StackOperation {
  const operation: StackOperation = {
    id: randomUUID(),
    stackId,
    principal: call.principal,
    onFailure: 'ROLLBACK',
    retainExceptOnCreate: false,
    leave: [],
    forceDelete: false,
    started: state.cloud.clock.now(),
    ...fields,
  };
  const stack = state.current(stackId);
  state.change(stackId, {
    lastOperations: [{ type: operation.type, id: operation.id }, ...stack.lastOperations].slice(0, 5),
  });
  return state.operations.set(stackId, operation);
}
