import { randomUUID } from 'node:crypto';
import type { Stack, StackResource } from './records.js';
import type { State } from './state.js';

const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Sets a stack's status and writes the event that tells of it. */
export function stackStatus(state: State, stackId: string, status: string, reason?: string): Stack {
  const { statusReason: _old, ...stack } = state.current(stackId);
  const next = state.stacks.set(stackId, {
    ...stack,
    status,
    ...(reason === undefined ? {} : { statusReason: reason }),
  });
  const operation = state.operations.get(stackId);
  const id = randomUUID();
  state.events.set(`${stackId}|${id}`, {
    id,
    stackId,
    stackName: next.name,
    ...(operation ? { operationId: operation.id } : {}),
    logicalId: next.name,
    physicalId: stackId,
    type: STACK_TYPE,
    timestamp: state.cloud.clock.now(),
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(operation?.token === undefined ? {} : { token: operation.token }),
  });
  state.cloud.tell('cloudformation', `${next.name} ${status}`);
  return next;
}

/** Sets a resource's status, keeps the record, and writes the event. */
export function resourceStatus(
  state: State,
  resource: StackResource,
  status: string,
  reason?: string,
  properties?: string,
): StackResource {
  const timestamp = state.cloud.clock.now();
  const { statusReason: _old, ...rest } = resource;
  const next = state.putResource({
    ...rest,
    status,
    timestamp,
    ...(reason === undefined ? {} : { statusReason: reason }),
  });
  resourceEvent(state, next, status, reason, properties);
  return next;
}

/** Writes an event without touching the record: for what a logical resource no longer stands for. */
export function resourceEvent(
  state: State,
  resource: Pick<StackResource, 'stackId' | 'logicalId' | 'physicalId' | 'type'>,
  status: string,
  reason?: string,
  properties?: string,
): void {
  const timestamp = state.cloud.clock.now();
  const operation = state.operations.get(resource.stackId);
  const id = `${resource.logicalId}-${status}-${new Date(timestamp).toISOString()}-${randomUUID().slice(0, 8)}`;
  state.events.set(`${resource.stackId}|${id}`, {
    id,
    stackId: resource.stackId,
    stackName: state.current(resource.stackId).name,
    ...(operation ? { operationId: operation.id } : {}),
    logicalId: resource.logicalId,
    physicalId: resource.physicalId,
    type: resource.type,
    timestamp,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(operation?.token === undefined ? {} : { token: operation.token }),
    ...(properties === undefined ? {} : { properties }),
  });
}
