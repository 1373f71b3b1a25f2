import { randomUUID } from 'node:crypto';
import { ACCOUNT } from '../../../kernel/cloud.js';
import type { Call } from '../../../kernel/service.js';
import { alreadyExists, notSupported, validationError } from '../errors.js';
import { flag, type QueryInput, requiredText, text } from '../input.js';
import { submittedConfiguration } from '../operations/configuration.js';
import { checkUpdatable, newStack } from '../operations/new-stack.js';
import { stackStatus } from '../state/events.js';
import type { ChangeSet, Configuration, OnFailure, Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import { prepareLater } from './prepare.js';

/** CreateChangeSet. */
export async function createChangeSet(state: State, input: QueryInput, call: Call): Promise<object> {
  const stackName = requiredText(input, 'StackName');
  const name = requiredText(input, 'ChangeSetName');
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw validationError(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  const type = text(input, 'ChangeSetType') ?? 'UPDATE';
  if (type !== 'CREATE' && type !== 'UPDATE') throw notSupported(`ChangeSetType ${type}`);
  const existing = state.findStack(call.region, stackName);
  checkStack(existing, stackName, name, type);
  const token = text(input, 'ClientToken');
  const twin = existing && openChangeSet(state, existing.id, name);
  if (twin) {
    if (token !== undefined && twin.clientToken === token) return { Id: twin.id, StackId: twin.stackId };
    throw alreadyExists(`ChangeSet ${name} already exists`);
  }
  const configuration = await submittedConfiguration(
    state,
    input,
    call,
    { id: existing?.id ?? '', name: stackName },
    type === 'UPDATE' ? existing?.configuration : undefined,
  );
  if (type === 'UPDATE') checkTypesStay(state, existing as Stack, configuration);
  const stack = existing ?? reviewStack(state, call, stackName, configuration);
  const changeSet = record(state, input, call, { stack, name, type, configuration });
  prepareLater(state, changeSet.id);
  return { Id: changeSet.id, StackId: stack.id };
}

function checkStack(stack: Stack | undefined, stackName: string, name: string, type: string): void {
  if (type === 'UPDATE') {
    if (!stack || stack.status === 'DELETE_COMPLETE')
      throw validationError(`Stack [${stackName}] does not exist`);
    checkUpdatable(stack);
  } else if (stack && stack.status !== 'REVIEW_IN_PROGRESS')
    throw validationError(
      `Stack [${stack.name}] already exists and cannot be created again with the changeSet [${name}].`,
    );
}

export function checkTypesStay(state: State, stack: Stack, configuration: Configuration): void {
  const { resources } = state.template(configuration);
  const changed = state
    .resourcesOf(stack.id)
    .filter(
      (one) => one.state && resources[one.logicalId] && resources[one.logicalId]?.type !== one.state.type,
    );
  if (changed.length > 0)
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.map(({ logicalId }) => logicalId).join(', ')}]`,
    );
}

function reviewStack(state: State, call: Call, name: string, configuration: Configuration): Stack {
  const stack = newStack(state, call, name, configuration, 'REVIEW_IN_PROGRESS');
  stackStatus(state, stack.id, 'REVIEW_IN_PROGRESS', 'User Initiated');
  return state.current(stack.id);
}

export function openChangeSet(state: State, stackId: string, name: string): ChangeSet | undefined {
  return state.changeSets.values().find((one) => one.stackId === stackId && one.name === name && !one.closed);
}

function record(
  state: State,
  input: QueryInput,
  call: Call,
  of: { stack: Stack; name: string; type: 'CREATE' | 'UPDATE'; configuration: Configuration },
): ChangeSet {
  const id = `arn:aws:cloudformation:${call.region}:${ACCOUNT}:changeSet/${of.name}/${randomUUID()}`;
  const onFailure = text(input, 'OnStackFailure') as OnFailure | undefined;
  const deployment = { ...deploymentConfig(input), ...driftMode(input) };
  const description = text(input, 'Description');
  const clientToken = text(input, 'ClientToken');
  return state.changeSets.set(id, {
    id,
    name: of.name,
    stackId: of.stack.id,
    stackName: of.stack.name,
    region: call.region,
    type: of.type,
    status: 'CREATE_PENDING',
    executionStatus: 'UNAVAILABLE',
    ...(description === undefined ? {} : { description }),
    created: state.cloud.clock.now(),
    configuration: of.configuration,
    ...(onFailure === undefined ? {} : { onStackFailure: onFailure }),
    ...(clientToken === undefined ? {} : { clientToken }),
    disableValidation: flag(input, 'DisableValidation') ?? false,
    ...deployment,
    operationId: randomUUID(),
    principal: call.principal,
    failures: [],
    closed: false,
  });
}

function driftMode(input: QueryInput): { revertsDrift?: boolean } {
  const mode = text(input, 'DeploymentMode');
  if (mode === undefined) return {};
  if (mode !== 'REVERT_DRIFT')
    throw validationError(
      `1 validation error detected: Value '${mode}' at 'deploymentMode' failed to satisfy constraint: Member must satisfy enum value set: [REVERT_DRIFT]`,
    );
  return { revertsDrift: true };
}

/** EXPRESS differs from STANDARD in when an operation counts as complete, which resources here do not show. */
export function deploymentConfig(input: QueryInput): { deploymentMode?: string; disableRollback?: boolean } {
  const config = input.DeploymentConfig;
  if (typeof config !== 'object' || config === null) return {};
  const mode = text(config as QueryInput, 'Mode');
  const disableRollback = flag(config as QueryInput, 'DisableRollback');
  if (mode !== undefined && mode !== 'STANDARD' && mode !== 'EXPRESS')
    throw validationError(
      `1 validation error detected: Value '${mode}' at 'deploymentConfig.mode' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]`,
    );
  return {
    ...(mode === undefined ? {} : { deploymentMode: mode }),
    ...(disableRollback === undefined ? {} : { disableRollback }),
  };
}
