import { ACCOUNT } from '../../kernel/cloud.js';
import type { Call, Operation, ServiceFactory } from '../../kernel/service.js';
import { eventOperations } from './events.js';
import { groupOperations } from './groups.js';
import { countMatches, metricFilterOperations } from './metric-filters.js';
import { resourcePolicyOperations, resourcePolicyType } from './resource-policies.js';
import { logGroup, metricFilter } from './resource-types.js';
import { LogsState } from './state.js';

/** CloudWatch Logs: groups, streams, events, filter patterns, retention, metric filters. */
export const logsService: ServiceFactory = (cloud) => {
  const state = new LogsState(cloud);
  cloud.provide('logs', {
    hasStream: (region, group, stream) => state.streams.has(`${region}/${group}:${stream}`),
    write: (region, groupName, streamName, messages) => {
      const group = state.groups.get(`${region}/${groupName}`);
      if (!group || messages.length === 0) return;
      const stream =
        state.streamsOf(group).find(({ name }) => name === streamName) ??
        state.createStream(group, streamName);
      state.append(group, stream, messages);
      countMatches(state, group, messages);
    },
  });
  return {
    name: 'logs',
    protocol: 'json',
    jsonVersion: '1.1',
    targetPrefix: 'Logs_20140328',
    operations: onGroups({
      ...groupOperations(state),
      ...eventOperations(state),
      ...metricFilterOperations(state),
      ...resourcePolicyOperations(cloud.store.table('logs.resourcePolicies')),
    }),
    resourceTypes: {
      'AWS::Logs::LogGroup': logGroup,
      'AWS::Logs::MetricFilter': metricFilter,
      'AWS::Logs::ResourcePolicy': resourcePolicyType,
    },
  };
};

/** Log operations are authorised on the group's ARN. */
function onGroups(operations: Record<string, Operation>): Record<string, Operation> {
  const resource = (
    input: { logGroupName?: unknown; logGroupIdentifier?: unknown; resourceArn?: unknown },
    call: Call,
  ): string => {
    if (typeof input.resourceArn === 'string') return input.resourceArn;
    const name = input.logGroupName ?? input.logGroupIdentifier;
    if (typeof name !== 'string') return '*';
    return name.startsWith('arn:') ? name : `arn:aws:logs:${call.region}:${ACCOUNT}:log-group:${name}:*`;
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, { ...operation, resource }]),
  );
}
