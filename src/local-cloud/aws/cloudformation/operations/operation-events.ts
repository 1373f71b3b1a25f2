import type { Call } from '../../../kernel/service.js';
import { findChangeSet } from '../change-sets/find.js';
import { validationError } from '../errors.js';
import { flag, page, type QueryInput, text } from '../input.js';
import type { ChangeSet, StackEvent } from '../state/records.js';
import type { State } from '../state/state.js';

/** DescribeEvents: of a stack, an operation or a change set; the only place that tells why validation failed. */
export function describeEvents(state: State, input: QueryInput, call: Call): object {
  const filters = input.Filters;
  const failedOnly =
    typeof filters === 'object' && filters !== null && flag(filters as QueryInput, 'FailedEvents') === true;
  const all = gather(state, input, call);
  const { items, next } = page(failedOnly ? all.filter(isFailure) : all, text(input, 'NextToken'), 100);
  return { OperationEvents: items, NextToken: next };
}

type Shown = Record<string, unknown>;

function gather(state: State, input: QueryInput, call: Call): Shown[] {
  if (text(input, 'ChangeSetName') !== undefined) return validationEvents(findChangeSet(state, input, call));
  const operationId = text(input, 'OperationId');
  const name = text(input, 'StackName');
  if (name === undefined && operationId === undefined)
    throw validationError('StackName, ChangeSetName or OperationId must be specified.');
  const stackId = name === undefined ? undefined : state.stack(call.region, name).id;
  const matches = (of: { stackId: string; operationId?: string | undefined }) =>
    (stackId === undefined || of.stackId === stackId) &&
    (operationId === undefined || of.operationId === operationId);
  const events = state.events
    .values()
    .filter(matches)
    .reverse()
    .map((event) => shownEvent(state, event));
  const validations = state.changeSets
    .values()
    .filter(matches)
    .flatMap((changeSet) => validationEvents(changeSet));
  return [...validations, ...events];
}

function shownEvent(state: State, event: StackEvent): Shown {
  const failed = event.status.endsWith('_FAILED');
  const ofStack = event.physicalId === event.stackId;
  const operation = state.current(event.stackId).lastOperations.find(({ id }) => id === event.operationId);
  return {
    EventId: event.id,
    StackId: event.stackId,
    OperationId: event.operationId,
    OperationType: operation?.type,
    EventType: ofStack ? 'STACK_EVENT' : failed ? 'PROVISIONING_ERROR' : 'PROGRESS_EVENT',
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.timestamp),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ClientRequestToken: event.token,
  };
}

function validationEvents(changeSet: ChangeSet): Shown[] {
  return changeSet.failures.map((failure, index) => ({
    EventId: `${changeSet.operationId}-${index}`,
    StackId: changeSet.stackId,
    OperationId: changeSet.operationId,
    OperationType: 'CREATE_CHANGESET',
    OperationStatus: 'FAILED',
    EventType: 'VALIDATION_ERROR',
    LogicalResourceId: failure.logicalId,
    PhysicalResourceId: failure.physicalId ?? '',
    ResourceType: failure.type,
    Timestamp: new Date(changeSet.created),
    ValidationFailureMode: 'FAIL',
    ValidationName: failure.name,
    ValidationStatus: 'FAILED',
    ValidationStatusReason: failure.reason,
    ValidationPath: failure.path,
  }));
}

function isFailure(event: Shown): boolean {
  return event.EventType === 'VALIDATION_ERROR' || String(event.ResourceStatus ?? '').endsWith('_FAILED');
}
