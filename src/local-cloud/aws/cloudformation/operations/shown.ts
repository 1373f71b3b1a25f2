import type { Configuration, Stack } from '../state/records.js';
import type { State } from '../state/state.js';

/** Parameters as answers show them: NoEcho values as `****`, SSM ones with what was read. */
export function shownParameters(state: State, configuration: Configuration): object[] {
  const { parameters } = state.template(configuration);
  const values = state.parameterTexts(configuration);
  return Object.entries(values).map(([key, value]) => ({
    ParameterKey: key,
    ParameterValue: parameters[key]?.noEcho ? '****' : value,
    ResolvedValue: parameters[key]?.noEcho ? undefined : configuration.resolvedParameters[key],
  }));
}

export function shownTags(tags: Record<string, string>): object[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function shownStack(state: State, stack: Stack): object {
  const review = stack.status === 'REVIEW_IN_PROGRESS';
  const description = review ? undefined : state.template(stack.configuration).description;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: description,
    Parameters: review ? [] : shownParameters(state, stack.configuration),
    CreationTime: new Date(stack.created),
    LastUpdatedTime: stack.updated === undefined ? undefined : new Date(stack.updated),
    DeletionTime: stack.deleted === undefined ? undefined : new Date(stack.deleted),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: stack.configuration.notificationArns,
    Capabilities: review ? [] : stack.configuration.capabilities,
    Outputs: stack.outputs.map(({ key, value, description: about, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: about,
      ExportName: exportName,
    })),
    RoleARN: stack.configuration.roleArn,
    Tags: review ? [] : shownTags(stack.configuration.tags),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: drift(stack),
    RetainExceptOnCreate: stack.retainExceptOnCreate,
    DeletionMode: stack.deletionMode,
    LastOperations: stack.lastOperations.map(({ type, id }) => ({ OperationType: type, OperationId: id })),
  };
}

export function shownStackSummary(state: State, stack: Stack): object {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: state.template(stack.configuration).description,
    CreationTime: new Date(stack.created),
    LastUpdatedTime: stack.updated === undefined ? undefined : new Date(stack.updated),
    DeletionTime: stack.deleted === undefined ? undefined : new Date(stack.deleted),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: drift(stack),
  };
}

function drift(stack: Stack): object {
  return {
    StackDriftStatus: stack.driftStatus,
    LastCheckTimestamp: stack.driftChecked === undefined ? undefined : new Date(stack.driftChecked),
  };
}
