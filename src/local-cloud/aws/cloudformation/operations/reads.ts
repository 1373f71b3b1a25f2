import type { Call } from '../../../kernel/service.js';
import { masked } from '../change-sets/mask.js';
import { asText } from '../change-sets/text.js';
import { stackDoesNotExist, validationError } from '../errors.js';
import { page, type QueryInput, requiredText, text, texts } from '../input.js';
import type { StackResource } from '../state/records.js';
import type { State } from '../state/state.js';
import { shownStack, shownStackSummary } from './shown.js';

/** DescribeStacks: one by name or ARN, or all that are not deleted. */
export function describeStacks(state: State, input: QueryInput, call: Call): object {
  const name = text(input, 'StackName');
  if (name !== undefined) return { Stacks: [shownStack(state, state.stack(call.region, name))] };
  const stacks = state.stacks
    .values()
    .filter((stack) => stack.region === call.region && stack.status !== 'DELETE_COMPLETE');
  const { items, next } = page(stacks.reverse(), text(input, 'NextToken'), 100);
  return { Stacks: items.map((stack) => shownStack(state, stack)), NextToken: next };
}

/** ListStacks: deleted ones too. */
export function listStacks(state: State, input: QueryInput, call: Call): object {
  const filter = texts(input, 'StackStatusFilter');
  const stacks = state.stacks
    .values()
    .filter(
      (stack) => stack.region === call.region && (filter.length === 0 || filter.includes(stack.status)),
    );
  const { items, next } = page(stacks.reverse(), text(input, 'NextToken'), 100);
  return { StackSummaries: items.map((stack) => shownStackSummary(state, stack)), NextToken: next };
}

/** DescribeStackEvents: newest first; of deleted stacks by ARN. */
export function describeStackEvents(state: State, input: QueryInput, call: Call): object {
  const stack = state.findStack(call.region, requiredText(input, 'StackName'));
  if (!stack) throw validationError(`Stack [${text(input, 'StackName')}] does not exist`);
  const { items, next } = page(state.eventsOf(stack.id).reverse(), text(input, 'NextToken'), 100);
  return {
    StackEvents: items.map((event) => ({
      StackId: event.stackId,
      EventId: event.id,
      StackName: event.stackName,
      OperationId: event.operationId,
      LogicalResourceId: event.logicalId,
      PhysicalResourceId: event.physicalId,
      ResourceType: event.type,
      Timestamp: new Date(event.timestamp),
      ResourceStatus: event.status,
      ResourceStatusReason: event.reason,
      ResourceProperties:
        event.properties === undefined ? undefined : shownProperties(state, stack.id, event.properties),
      ClientRequestToken: event.token,
    })),
    NextToken: next,
  };
}

/** NoEcho values that went into properties are not shown, as a change set does not show them. */
function shownProperties(state: State, stackId: string, sealed: string): string {
  const { configuration } = state.current(stackId);
  return masked(state, configuration)(JSON.stringify(asText(state.open(sealed))));
}

/** ListStackResources. */
export function listStackResources(state: State, input: QueryInput, call: Call): object {
  const name = requiredText(input, 'StackName');
  const stack = state.findStack(call.region, name);
  if (!stack) throw stackDoesNotExist(name);
  const { items, next } = page(state.resourcesOf(stack.id), text(input, 'NextToken'), 100);
  return {
    StackResourceSummaries: items.map((resource) => ({
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: resource.physicalId || undefined,
      ResourceType: resource.type,
      LastUpdatedTimestamp: new Date(resource.timestamp),
      ResourceStatus: resource.status,
      ResourceStatusReason: resource.statusReason,
      DriftInformation: driftOf(resource),
    })),
    NextToken: next,
  };
}

/** DescribeStackResources: by stack (and logical id), or by a physical id. */
export function describeStackResources(state: State, input: QueryInput, call: Call): object {
  const physicalId = text(input, 'PhysicalResourceId');
  const name = text(input, 'StackName');
  if ((physicalId === undefined) === (name === undefined))
    throw validationError('One and only one of StackName or PhysicalResourceId must be specified.');
  const logicalId = text(input, 'LogicalResourceId');
  let stackId: string;
  if (name !== undefined) stackId = state.stack(call.region, name).id;
  else {
    const owner = state.resources
      .values()
      .find((one) => one.physicalId === physicalId && one.state !== undefined);
    if (!owner) throw validationError(`Stack for ${physicalId} does not exist`);
    stackId = owner.stackId;
  }
  const resources = state
    .resourcesOf(stackId)
    .filter((one) => logicalId === undefined || one.logicalId === logicalId);
  return { StackResources: resources.slice(0, 100).map((resource) => shownResource(state, resource)) };
}

/** DescribeStackResource, with the metadata of its declaration. */
export function describeStackResource(state: State, input: QueryInput, call: Call): object {
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  const logicalId = requiredText(input, 'LogicalResourceId');
  const resource = state.resource(stack.id, logicalId);
  if (!resource) throw validationError(`Resource ${logicalId} does not exist for stack ${stack.name}`);
  const { Timestamp, ...shown } = shownResource(state, resource);
  return {
    StackResourceDetail: { ...shown, LastUpdatedTimestamp: Timestamp, Metadata: resource.state?.metadata },
  };
}

function shownResource(state: State, resource: StackResource) {
  return {
    StackName: state.current(resource.stackId).name,
    StackId: resource.stackId,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId || undefined,
    ResourceType: resource.type,
    Timestamp: new Date(resource.timestamp),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: driftOf(resource),
  };
}

function driftOf(resource: StackResource): object {
  return {
    StackResourceDriftStatus: resource.drift?.status ?? 'NOT_CHECKED',
    LastCheckTimestamp: resource.drift ? new Date(resource.drift.checked) : undefined,
  };
}
