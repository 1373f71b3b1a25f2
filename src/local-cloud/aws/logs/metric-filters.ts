import type { Call, Operation } from '../../kernel/service.js';
import { AwsError } from '../../kernel/service.js';
import { invalidParameter } from './errors.js';
import { filterPattern } from './filter-pattern.js';
import { page } from './page.js';
import type { LogGroup, MetricFilter, MetricTransformation } from './records.js';
import type { LogsState } from './state.js';

interface FilterInput {
  logGroupName: string;
  filterName: string;
  filterPattern: string;
  filterNamePrefix?: string;
  metricTransformations: MetricTransformation[];
  nextToken?: string;
  limit?: number;
}

export function metricFilterOperations(state: LogsState): Record<string, Operation> {
  return {
    PutMetricFilter: {
      handle: (input: FilterInput, call: Call) => {
        const group = state.group(call.region, input.logGroupName);
        filterPattern(input.filterPattern);
        for (const { metricValue, dimensions } of input.metricTransformations) {
          if (Number.isNaN(Number(metricValue)))
            throw invalidParameter(`The local cloud supports numbers as metricValue only: ${metricValue}`);
          if (Object.keys(dimensions ?? {}).length > 0)
            throw invalidParameter('The local cloud does not support dimensions of metric filters.');
        }
        state.filters.set(`${group.region}/${group.name}:${input.filterName}`, {
          region: group.region,
          group: group.name,
          name: input.filterName,
          pattern: input.filterPattern,
          created: state.cloud.clock.now(),
          transformations: input.metricTransformations,
        });
        return {};
      },
    },
    DeleteMetricFilter: {
      handle: (input: FilterInput, call: Call) => {
        const group = state.group(call.region, input.logGroupName);
        if (!state.filters.delete(`${group.region}/${group.name}:${input.filterName}`))
          throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
        return {};
      },
    },
    DescribeMetricFilters: {
      handle: (input: FilterInput, call: Call) => {
        const found = filtersOf(state, call.region, input.logGroupName).filter(({ name }) =>
          name.startsWith(input.filterNamePrefix ?? ''),
        );
        const { items, next } = page(found, input.nextToken, input.limit ?? 50);
        return {
          metricFilters: items.map((one) => ({
            filterName: one.name,
            filterPattern: one.pattern,
            metricTransformations: one.transformations,
            creationTime: one.created,
            logGroupName: one.group,
          })),
          nextToken: next,
        };
      },
    },
  };
}

function filtersOf(state: LogsState, region: string, group: string | undefined): MetricFilter[] {
  return state.filters
    .values()
    .filter((one) => one.region === region && (group === undefined || one.group === group));
}

/** Puts the metrics that the group's filters make of new messages. */
export function countMatches(
  state: LogsState,
  group: LogGroup,
  messages: { timestamp: number; message: string }[],
): void {
  for (const filter of filtersOf(state, group.region, group.name)) {
    const matches = filterPattern(filter.pattern);
    for (const { timestamp, message } of messages) {
      const matched = matches(message);
      for (const { metricNamespace, metricName, metricValue, defaultValue, unit } of filter.transformations) {
        const value = matched ? Number(metricValue) : defaultValue;
        if (value !== undefined)
          state.cloud
            .port('metrics')
            .put(group.region, metricNamespace, metricName, value, {}, unit, timestamp);
      }
    }
  }
}
