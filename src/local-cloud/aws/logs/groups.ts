import type { Call, Operation } from '../../kernel/service.js';
import { groupNotFound, invalidParameter } from './errors.js';
import { page } from './page.js';
import type { LogGroup } from './records.js';
import type { LogsState } from './state.js';

export const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

interface GroupInput {
  logGroupName: string;
  logGroupNamePrefix?: string;
  logGroupNamePattern?: string;
  retentionInDays?: number;
  tags?: Record<string, string>;
  tagKeys?: string[];
  resourceArn?: string;
  kmsKeyId?: string;
  logGroupClass?: string;
  nextToken?: string;
  limit?: number;
}

/** Log groups: create, describe, delete, retention and tags. */
export function groupOperations(state: LogsState): Record<string, Operation> {
  const update = (call: Call, name: string, change: (group: LogGroup) => LogGroup) => {
    const group = state.group(call.region, name);
    state.groups.set(`${group.region}/${group.name}`, change(group));
    return {};
  };
  return {
    CreateLogGroup: {
      handle: (input: GroupInput, call) => {
        if (input.kmsKeyId !== undefined)
          throw invalidParameter('The local cloud does not support kmsKeyId.');
        state.createGroup(call.region, input.logGroupName, {
          tags: input.tags ?? {},
          ...(input.logGroupClass === undefined ? {} : { class: input.logGroupClass }),
        });
        return {};
      },
    },
    DeleteLogGroup: {
      handle: (input: GroupInput, call) => {
        state.deleteGroup(state.group(call.region, input.logGroupName));
        return {};
      },
    },
    DescribeLogGroups: { handle: (input: GroupInput, call) => describeGroups(state, input, call) },
    PutRetentionPolicy: {
      handle: (input: GroupInput, call) => {
        const days = input.retentionInDays;
        if (days === undefined || !RETENTIONS.includes(days))
          throw invalidParameter(
            `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`,
          );
        return update(call, input.logGroupName, (group) => ({ ...group, retentionInDays: days }));
      },
    },
    DeleteRetentionPolicy: {
      handle: (input: GroupInput, call) =>
        update(call, input.logGroupName, ({ retentionInDays: _never, ...group }) => group),
    },
    ...tagOperations(state),
  };
}

function tagOperations(state: LogsState): Record<string, Operation> {
  const groupOf = (call: Call, arn: string | undefined): LogGroup => {
    const group = state.groups
      .values()
      .find((one) => one.region === call.region && one.arn === (arn ?? '').replace(/:\*$/, ''));
    if (!group) throw groupNotFound();
    return group;
  };
  const put = (group: LogGroup) => {
    state.groups.set(`${group.region}/${group.name}`, group);
    return {};
  };
  return {
    TagResource: {
      handle: (input: GroupInput, call) => {
        const group = groupOf(call, input.resourceArn);
        return put({ ...group, tags: { ...group.tags, ...input.tags } });
      },
    },
    UntagResource: {
      handle: (input: GroupInput, call) => {
        const group = groupOf(call, input.resourceArn);
        const kept = Object.entries(group.tags).filter(([key]) => !(input.tagKeys ?? []).includes(key));
        return put({ ...group, tags: Object.fromEntries(kept) });
      },
    },
    ListTagsForResource: {
      handle: (input: GroupInput, call) => ({ tags: groupOf(call, input.resourceArn).tags }),
    },
    ListTagsLogGroup: {
      handle: (input: GroupInput, call) => ({ tags: state.group(call.region, input.logGroupName).tags }),
    },
  };
}

function describeGroups(state: LogsState, input: GroupInput, call: Call): object {
  const found = state.groups
    .values()
    .filter((group) => group.region === call.region)
    .filter(
      (group) =>
        group.name.startsWith(input.logGroupNamePrefix ?? '') &&
        group.name.includes(input.logGroupNamePattern ?? ''),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const { items, next } = page(found, input.nextToken, input.limit ?? 50);
  return {
    logGroups: items.map((group) => ({
      logGroupName: group.name,
      creationTime: group.created,
      retentionInDays: group.retentionInDays,
      metricFilterCount: state.filters
        .values()
        .filter((one) => one.region === group.region && one.group === group.name).length,
      arn: `${group.arn}:*`,
      logGroupArn: group.arn,
      storedBytes: 0,
      logGroupClass: group.class,
    })),
    nextToken: next,
  };
}
