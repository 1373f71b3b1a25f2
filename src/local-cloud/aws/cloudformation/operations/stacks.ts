import type { Call } from '../../../kernel/service.js';
import { resourceChanges } from '../change-sets/compute.js';
import { checkTypesStay } from '../change-sets/create.js';
import { predict } from '../change-sets/predict.js';
import { sameValue } from '../engine/differences.js';
import type { Engine } from '../engine/engine.js';
import { alreadyExists, notSupported, validationError } from '../errors.js';
import { flag, type QueryInput, requiredText, text, texts } from '../input.js';
import { stackStatus } from '../state/events.js';
import type { ChangeSet, OnFailure, Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import { beginCreate, beginUpdate } from './begin.js';
import { submittedConfiguration } from './configuration.js';
import { checkUpdatable, newStack, putOperation } from './new-stack.js';

/** CreateStack: without a change set. */
export async function createStack(
  state: State,
  engine: Engine,
  input: QueryInput,
  call: Call,
): Promise<object> {
  const name = requiredText(input, 'StackName');
  if (text(input, 'TimeoutInMinutes') !== undefined) throw notSupported('TimeoutInMinutes');
  const existing = state.findStack(call.region, name);
  if (existing) throw alreadyExists(`Stack [${name}] already exists`);
  const configuration = await submittedConfiguration(state, input, call, { id: '', name }, undefined);
  const stack = newStack(state, call, name, configuration, 'CREATE_IN_PROGRESS');
  state.change(stack.id, { terminationProtection: flag(input, 'EnableTerminationProtection') ?? false });
  const operation = beginCreate(state, engine, stack.id, configuration, call, {
    onFailure: failureOption(input),
    retainExceptOnCreate: flag(input, 'RetainExceptOnCreate') ?? false,
    ...tokenOf(input),
  });
  return { StackId: stack.id, OperationId: operation.id };
}

function failureOption(input: QueryInput): OnFailure {
  const disable = flag(input, 'DisableRollback');
  const onFailure = text(input, 'OnFailure') as OnFailure | undefined;
  if (disable !== undefined && onFailure !== undefined)
    throw validationError('You can specify either OnFailure or DisableRollback, but not both.');
  return onFailure ?? (disable ? 'DO_NOTHING' : 'ROLLBACK');
}

function tokenOf(input: QueryInput): { token?: string } {
  const token = text(input, 'ClientRequestToken');
  return token === undefined ? {} : { token };
}

/** UpdateStack: without a change set; "No updates are to be performed." when nothing differs. */
export async function updateStack(
  state: State,
  engine: Engine,
  input: QueryInput,
  call: Call,
): Promise<object> {
  const name = requiredText(input, 'StackName');
  const stack = state.findStack(call.region, name);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'REVIEW_IN_PROGRESS')
    throw validationError(`Stack [${name}] does not exist`);
  checkUpdatable(stack);
  const configuration = await submittedConfiguration(state, input, call, stack, stack.configuration);
  checkTypesStay(state, stack, configuration);
  const imagined = { configuration, principal: call.principal } as ChangeSet;
  const changes = resourceChanges(state, stack, imagined, await predict(state, stack, imagined));
  const outputs = (one: typeof configuration) => state.template(one).outputs;
  if (
    changes.length === 0 &&
    sameValue(configuration.tags, stack.configuration.tags) &&
    sameValue(outputs(configuration), outputs(stack.configuration))
  )
    throw validationError('No updates are to be performed.');
  const operation = beginUpdate(state, engine, stack.id, configuration, call, {
    onFailure: failureOption(input),
    retainExceptOnCreate: flag(input, 'RetainExceptOnCreate') ?? false,
    ...tokenOf(input),
  });
  return { StackId: stack.id, OperationId: operation.id };
}

/** DeleteStack. A stack that is not there is deleted already. */
export function deleteStack(state: State, engine: Engine, input: QueryInput, call: Call): object {
  const stack = state.findStack(call.region, requiredText(input, 'StackName'));
  if (!stack || stack.status === 'DELETE_COMPLETE') return {};
  const leave = texts(input, 'RetainResources');
  const mode = text(input, 'DeletionMode') ?? 'STANDARD';
  checkDeletable(stack, leave, mode);
  const running = state.operations.get(stack.id);
  if (running?.phase === 'delete') return {};
  if (running) {
    // A creation under way is broken off, and what it made goes with the stack.
    state.operations.set(stack.id, {
      ...running,
      cancelled: 'Resource creation cancelled',
      onFailure: 'DELETE',
      leave,
    });
    return {};
  }
  const roleArn = text(input, 'RoleARN');
  if (roleArn !== undefined) state.change(stack.id, { configuration: { ...stack.configuration, roleArn } });
  if (mode === 'FORCE_DELETE_STACK') state.change(stack.id, { deletionMode: mode });
  const operation = putOperation(state, stack.id, call, {
    type: 'DELETE_STACK',
    phase: 'delete',
    leave,
    forceDelete: mode === 'FORCE_DELETE_STACK',
    ...tokenOf(input),
  });
  stackStatus(state, stack.id, 'DELETE_IN_PROGRESS', 'User Initiated');
  engine.begin(operation);
  return {};
}

function checkDeletable(stack: Stack, leave: string[], mode: string): void {
  if (stack.terminationProtection)
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  if (leave.length > 0 && stack.status !== 'DELETE_FAILED')
    throw validationError(
      `Invalid operation on stack [${stack.id}]. Specify resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  if (mode === 'FORCE_DELETE_STACK' && stack.status !== 'DELETE_FAILED')
    throw validationError(
      `Invalid operation on stack [${stack.id}]. FORCE_DELETE_STACK can be used only when the stack is in the DELETE_FAILED state.`,
    );
  if (/_IN_PROGRESS$/.test(stack.status) && !/^(CREATE|DELETE|REVIEW)_IN_PROGRESS$/.test(stack.status))
    throw validationError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
}
