import type { ComparisonOperator, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { allPages, iso, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import { type Tags, tagList } from './tags.js';

export interface Alarm {
  name: string;
  arn: string;
  description: string | null;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | string;
  stateReason: string | null;
  stateSince: string | null;
  /** Null for alarms on metric maths. */
  namespace: string | null;
  metricName: string | null;
  dimensions: Record<string, string>;
  /** What it watches: one metric, or those that its metric maths reads. */
  metrics: Metric[];
  statistic: string | null;
  periodSeconds: number;
  evaluationPeriods: number;
  threshold: number | null;
  comparison: string;
  missingData: string;
  actionsEnabled: boolean;
  /** ARNs that are told of ALARM. */
  actions: string[];
}

export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

export interface AlarmDefinition extends Metric {
  description: string;
  statistic: 'Sum' | 'Maximum' | 'Average' | 'Minimum' | 'SampleCount';
  periodSeconds: number;
  evaluationPeriods: number;
  /** Null: all of the periods. */
  datapointsToAlarm: number | null;
  threshold: number;
  comparison: ComparisonOperator;
  missingData: string;
  actions: string[];
}

export interface MetricQuery extends Metric {
  statistic: 'Sum' | 'Maximum' | 'Average' | 'Minimum' | 'SampleCount';
  /** The window, counted back from now. */
  windowSeconds: number;
  /** Granularity; a multiple of 60. */
  periodSeconds: number;
}

export interface MetricPoint {
  time: string;
  value: number;
}

interface SdkDimension {
  Name?: string | undefined;
  Value?: string | undefined;
}

const dimensionsOf = (list: readonly SdkDimension[] | undefined) =>
  Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']));
const dimensionList = (dimensions: Record<string, string>) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

export function cloudwatchReads(session: AwsSession) {
  return {
    /** Every metric alarm of the region, or those whose name begins so. */
    listAlarms(namePrefix?: string): Promise<Alarm[]> {
      return session.call('cloudwatch', 'cloudwatch:DescribeAlarms', (client) =>
        allPages(async (token) => {
          const page = await client.describeAlarms({
            AlarmTypes: ['MetricAlarm'],
            ...(namePrefix ? { AlarmNamePrefix: namePrefix } : {}),
            ...tokenAs('NextToken', token),
          });
          return { items: page.MetricAlarms?.map(readAlarm), next: page.NextToken };
        }),
      );
    },

    /** Points of one metric, oldest first; none where nothing was reported. */
    metric(query: MetricQuery): Promise<MetricPoint[]> {
      const end = new Date();
      return session.call('cloudwatch', 'cloudwatch:GetMetricData', async (client) => {
        const answer = await client.getMetricData({
          StartTime: new Date(end.getTime() - query.windowSeconds * 1000),
          EndTime: end,
          ScanBy: 'TimestampAscending',
          MetricDataQueries: [
            {
              Id: 'q',
              MetricStat: {
                Metric: {
                  Namespace: query.namespace,
                  MetricName: query.name,
                  Dimensions: dimensionList(query.dimensions),
                },
                Period: query.periodSeconds,
                Stat: query.statistic,
              },
            },
          ],
        });
        const result = answer.MetricDataResults?.[0];
        return (result?.Timestamps ?? []).map((time, index) => ({
          time: new Date(time).toISOString(),
          value: result?.Values?.[index] ?? 0,
        }));
      });
    },

    /** Metrics that reported in the last two weeks: the very dimensions that an alarm must have. */
    listMetrics(namespace: string, name: string, dimensions: Record<string, string> = {}): Promise<Metric[]> {
      return session.call('cloudwatch', 'cloudwatch:ListMetrics', (client) =>
        allPages(async (token) => {
          const page = await client.listMetrics({
            Namespace: namespace,
            MetricName: name,
            Dimensions: dimensionList(dimensions),
            ...tokenAs('NextToken', token),
          });
          return {
            items: page.Metrics?.map((metric) => ({
              namespace: metric.Namespace ?? '',
              name: metric.MetricName ?? '',
              dimensions: dimensionsOf(metric.Dimensions),
            })),
            next: page.NextToken,
          };
        }),
      );
    },
  };
}

export function cloudwatchWrites(session: AwsSession) {
  const alarmNamed = (name: string) =>
    session.call('cloudwatch', 'cloudwatch:DescribeAlarms', async (client) => {
      const answer = await client.describeAlarms({ AlarmNames: [name], AlarmTypes: ['MetricAlarm'] });
      return answer.MetricAlarms?.[0];
    });
  return {
    /** Adds an action to an alarm and switches its actions on; all else stays. False when the alarm is gone. */
    async addAlarmAction(name: string, actionArn: string): Promise<boolean> {
      const alarm = await alarmNamed(name);
      if (!alarm) return false;
      const actions = [...new Set([...(alarm.AlarmActions ?? []), actionArn])];
      await session.call('cloudwatch', 'cloudwatch:PutMetricAlarm', (client) =>
        client.putMetricAlarm({
          ...settable(alarm),
          AlarmName: name,
          AlarmActions: actions,
          ActionsEnabled: true,
        }),
      );
      return true;
    },

    /**
     * Makes an alarm, or corrects one. Actions that somebody added to it stay; tags count only for a new one.
     */
    async putAlarm(name: string, definition: AlarmDefinition, tags: Tags): Promise<void> {
      const known = await alarmNamed(name);
      const actions = [...new Set([...definition.actions, ...(known?.AlarmActions ?? [])])];
      await session.call('cloudwatch', 'cloudwatch:PutMetricAlarm', (client) =>
        client.putMetricAlarm({
          AlarmName: name,
          AlarmDescription: definition.description,
          Namespace: definition.namespace,
          MetricName: definition.name,
          Dimensions: dimensionList(definition.dimensions),
          Statistic: definition.statistic,
          Period: definition.periodSeconds,
          EvaluationPeriods: definition.evaluationPeriods,
          ...(definition.datapointsToAlarm === null
            ? {}
            : { DatapointsToAlarm: definition.datapointsToAlarm }),
          Threshold: definition.threshold,
          ComparisonOperator: definition.comparison,
          TreatMissingData: definition.missingData,
          ActionsEnabled: true,
          AlarmActions: actions,
          OKActions: known?.OKActions ?? [],
          InsufficientDataActions: known?.InsufficientDataActions ?? [],
          ...(known ? {} : { Tags: tagList(tags) }),
        }),
      );
    },

    async enableAlarmActions(names: readonly string[]): Promise<void> {
      await session.call('cloudwatch', 'cloudwatch:EnableAlarmActions', (client) =>
        client.enableAlarmActions({ AlarmNames: [...names] }),
      );
    },
  };
}

/** What PutMetricAlarm takes of what DescribeAlarms gives: the state and its times are not settable. */
function settable(alarm: MetricAlarm) {
  const {
    AlarmArn: _arn,
    AlarmConfigurationUpdatedTimestamp: _configured,
    StateValue: _state,
    StateReason: _reason,
    StateReasonData: _data,
    StateUpdatedTimestamp: _updated,
    StateTransitionedTimestamp: _transitioned,
    EvaluationState: _evaluation,
    ...rest
  } = alarm;
  return {
    ...rest,
    EvaluationPeriods: alarm.EvaluationPeriods,
    ComparisonOperator: alarm.ComparisonOperator,
  };
}

function watchedBy(alarm: MetricAlarm): Metric[] {
  const maths = (alarm.Metrics ?? []).map((query) => query.MetricStat?.Metric);
  const single = { Namespace: alarm.Namespace, MetricName: alarm.MetricName, Dimensions: alarm.Dimensions };
  return [single, ...maths].flatMap((metric) =>
    metric?.Namespace && metric.MetricName
      ? [
          {
            namespace: metric.Namespace,
            name: metric.MetricName,
            dimensions: dimensionsOf(metric.Dimensions),
          },
        ]
      : [],
  );
}

function readAlarm(alarm: MetricAlarm): Alarm {
  return {
    name: alarm.AlarmName ?? '',
    arn: alarm.AlarmArn ?? '',
    description: alarm.AlarmDescription ?? null,
    state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
    stateReason: alarm.StateReason ?? null,
    stateSince: iso(alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp),
    namespace: alarm.Namespace ?? null,
    metricName: alarm.MetricName ?? null,
    dimensions: dimensionsOf(alarm.Dimensions),
    metrics: watchedBy(alarm),
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? null,
    periodSeconds: alarm.Period ?? 0,
    evaluationPeriods: alarm.EvaluationPeriods ?? 1,
    threshold: alarm.Threshold ?? null,
    comparison: alarm.ComparisonOperator ?? '',
    missingData: alarm.TreatMissingData ?? 'missing',
    actionsEnabled: alarm.ActionsEnabled ?? false,
    actions: alarm.AlarmActions ?? [],
  };
}
