import type { Call, Operation } from '../../kernel/service.js';
import type { Alarms } from './alarms.js';
import { invalidCombination, resourceNotFound, validationError } from './errors.js';
import { type DimensionInput, dimensionList, dimensionsOf } from './metric-operations.js';
import { metricKey } from './metric-store.js';
import { page } from './page.js';
import { type AlarmInput, putMetricAlarm } from './put-alarm.js';
import type { Alarm, AlarmState } from './records.js';

interface DescribeInput {
  AlarmNames?: string[];
  AlarmNamePrefix?: string;
  AlarmTypes?: string[];
  ActionPrefix?: string;
  StateValue?: string;
  MaxRecords?: number;
  NextToken?: string;
  MetricName: string;
  Namespace: string;
  Dimensions?: DimensionInput[];
  AlarmName?: string;
  HistoryItemType?: string;
  StartDate?: number;
  EndDate?: number;
  ScanBy?: string;
  StateReason: string;
  StateReasonData?: string;
  ResourceARN?: string;
  Tags?: { Key: string; Value: string }[];
  TagKeys?: string[];
}

/** Alarms: their configuration, state, history and tags. */
export function alarmOperations(alarms: Alarms): Record<string, Operation> {
  const inRegion = (call: Call) => alarms.table.values().filter(({ region }) => region === call.region);
  return {
    PutMetricAlarm: { handle: (input: AlarmInput, call) => putMetricAlarm(alarms, input, call) },
    DescribeAlarms: { handle: (input: DescribeInput, call) => describeAlarms(inRegion(call), input) },
    DescribeAlarmsForMetric: {
      handle: (input: DescribeInput, call) => {
        const wanted = metricKey({
          region: call.region,
          namespace: input.Namespace,
          name: input.MetricName,
          dimensions: dimensionsOf(input.Dimensions),
        });
        const found = inRegion(call).filter((one) => metricKey({ ...one, name: one.metricName }) === wanted);
        return { MetricAlarms: found.map(shown) };
      },
    },
    DescribeAlarmHistory: { handle: (input: DescribeInput, call) => describeHistory(alarms, input, call) },
    DeleteAlarms: {
      handle: (input: DescribeInput, call) => {
        const names = input.AlarmNames ?? [];
        for (const one of inRegion(call)) if (names.includes(one.name)) alarms.table.delete(one.arn);
        return {};
      },
    },
    SetAlarmState: {
      handle: (input: DescribeInput, call) => {
        const alarm = inRegion(call).find(({ name }) => name === input.AlarmName);
        if (!alarm) throw resourceNotFound(`Alarm ${input.AlarmName} does not exist`);
        if (!['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(input.StateValue ?? ''))
          throw validationError(`The value ${input.StateValue} for parameter StateValue is invalid.`);
        alarms.turn(alarm, input.StateValue as AlarmState, input.StateReason, input.StateReasonData);
        return {};
      },
    },
    EnableAlarmActions: {
      handle: (input: DescribeInput, call) => switchActions(alarms, inRegion(call), input, true),
    },
    DisableAlarmActions: {
      handle: (input: DescribeInput, call) => switchActions(alarms, inRegion(call), input, false),
    },
    ...tagOperations(alarms),
  };
}

function describeAlarms(all: Alarm[], input: DescribeInput): object {
  if (input.AlarmNames?.length && input.AlarmNamePrefix !== undefined)
    throw invalidCombination('AlarmNames and AlarmNamePrefix cannot both be specified.');
  if (input.AlarmTypes?.length && !input.AlarmTypes.includes('MetricAlarm'))
    return { MetricAlarms: [], CompositeAlarms: [] };
  const found = all
    .filter(({ name }) =>
      input.AlarmNames?.length
        ? input.AlarmNames.includes(name)
        : name.startsWith(input.AlarmNamePrefix ?? ''),
    )
    .filter(({ state }) => state === (input.StateValue ?? state))
    .filter(
      ({ alarmActions, okActions, insufficientDataActions }) =>
        input.ActionPrefix === undefined ||
        [...alarmActions, ...okActions, ...insufficientDataActions].some((action) =>
          action.startsWith(input.ActionPrefix as string),
        ),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const { items, next } = page(found, input.NextToken, input.MaxRecords ?? 50);
  return { MetricAlarms: items.map(shown), CompositeAlarms: [], NextToken: next };
}

function shown(alarm: Alarm): object {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateReasonData: alarm.stateReasonData,
    StateUpdatedTimestamp: new Date(alarm.stateUpdated),
    StateTransitionedTimestamp: new Date(alarm.stateUpdated),
    MetricName: alarm.metricName,
    Namespace: alarm.namespace,
    Statistic: alarm.statistic,
    Dimensions: dimensionList(alarm.dimensions),
    Period: alarm.period,
    Unit: alarm.unit,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missingData,
  };
}

function describeHistory(alarms: Alarms, input: DescribeInput, call: Call): object {
  const items = alarms
    .historyOf(call.region)
    .filter(
      ({ alarm, type }) => (input.AlarmName ?? alarm) === alarm && (input.HistoryItemType ?? type) === type,
    )
    .filter(
      ({ time }) =>
        time >= (input.StartDate ?? 0) * 1000 && time <= (input.EndDate ?? Number.POSITIVE_INFINITY) * 1000,
    );
  if (input.ScanBy === 'TimestampAscending') items.reverse();
  const { items: shownItems, next } = page(items, input.NextToken, input.MaxRecords ?? 100);
  return {
    AlarmHistoryItems: shownItems.map(({ alarm, time, type, summary, data }) => ({
      AlarmName: alarm,
      AlarmType: 'MetricAlarm',
      Timestamp: new Date(time),
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: data,
    })),
    NextToken: next,
  };
}

function switchActions(alarms: Alarms, all: Alarm[], input: DescribeInput, enabled: boolean): object {
  for (const alarm of all)
    if (input.AlarmNames?.includes(alarm.name))
      alarms.table.set(alarm.arn, { ...alarm, actionsEnabled: enabled });
  return {};
}

function tagOperations(alarms: Alarms): Record<string, Operation> {
  const find = (input: DescribeInput): Alarm => {
    const alarm = alarms.table.get(input.ResourceARN ?? '');
    if (!alarm) throw resourceNotFound(`Unknown resource ${input.ResourceARN}`);
    return alarm;
  };
  return {
    TagResource: {
      handle: (input: DescribeInput) => {
        const alarm = find(input);
        const added = Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
        alarms.table.set(alarm.arn, { ...alarm, tags: { ...alarm.tags, ...added } });
        return {};
      },
    },
    UntagResource: {
      handle: (input: DescribeInput) => {
        const alarm = find(input);
        const kept = Object.entries(alarm.tags).filter(([key]) => !input.TagKeys?.includes(key));
        alarms.table.set(alarm.arn, { ...alarm, tags: Object.fromEntries(kept) });
        return {};
      },
    },
    ListTagsForResource: {
      handle: (input: DescribeInput) => ({
        Tags: Object.entries(find(input).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  };
}
