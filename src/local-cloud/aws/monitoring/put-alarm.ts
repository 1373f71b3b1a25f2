import { ACCOUNT } from '../../kernel/cloud.js';
import type { Call } from '../../kernel/service.js';
import { COMPARISON_NAMES } from './alarm-evaluation.js';
import type { Alarms } from './alarms.js';
import { notSupported, validationError } from './errors.js';
import { type DimensionInput, dimensionsOf } from './metric-operations.js';
import type { Alarm } from './records.js';
import { statisticOf } from './statistics.js';

const MISSING_DATA = ['breaching', 'notBreaching', 'ignore', 'missing'];

export interface AlarmInput {
  AlarmName: string;
  AlarmDescription?: string;
  ActionsEnabled?: boolean;
  OKActions?: string[];
  AlarmActions?: string[];
  InsufficientDataActions?: string[];
  MetricName?: string;
  Namespace?: string;
  Statistic?: string;
  ExtendedStatistic?: string;
  Dimensions?: DimensionInput[];
  Period?: number;
  Unit?: string;
  EvaluationPeriods?: number;
  DatapointsToAlarm?: number;
  Threshold?: number;
  ComparisonOperator?: string;
  TreatMissingData?: string;
  Metrics?: unknown[];
  ThresholdMetricId?: string;
  EvaluateLowSampleCountPercentile?: string;
  Tags?: { Key: string; Value: string }[];
}

/** PutMetricAlarm: replaces the whole configuration; the state stays until the next evaluation. Tags count at creation only. */
export function putMetricAlarm(alarms: Alarms, input: AlarmInput, call: Call): object {
  const checked = checkedConfiguration(input);
  const arn = `arn:aws:cloudwatch:${call.region}:${ACCOUNT}:alarm:${input.AlarmName}`;
  const known = alarms.table.get(arn);
  const now = call.cloud.clock.now();
  const alarm: Alarm = {
    name: input.AlarmName,
    arn,
    region: call.region,
    ...checked,
    state: known?.state ?? 'INSUFFICIENT_DATA',
    stateReason: known?.stateReason ?? 'Unchecked: Initial alarm creation',
    ...(known?.stateReasonData === undefined ? {} : { stateReasonData: known.stateReasonData }),
    stateUpdated: known?.stateUpdated ?? now,
    configured: now,
    tags: known?.tags ?? Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
  alarms.table.set(arn, alarm);
  alarms.remember(alarm, 'ConfigurationUpdate', `Alarm "${alarm.name}" ${known ? 'updated' : 'created'}`, {
    type: known ? 'Update' : 'Create',
  });
  alarms.watch();
  return {};
}

type Configuration = Omit<
  Alarm,
  | 'name'
  | 'arn'
  | 'region'
  | 'state'
  | 'stateReason'
  | 'stateReasonData'
  | 'stateUpdated'
  | 'configured'
  | 'tags'
>;

function checkedConfiguration(input: AlarmInput): Configuration {
  if ((input.Metrics ?? []).length > 0) throw notSupported('alarms on metric maths (Metrics)');
  if (input.ExtendedStatistic !== undefined) throw notSupported(`the statistic ${input.ExtendedStatistic}`);
  if (input.ThresholdMetricId !== undefined) throw notSupported('anomaly detection alarms');
  if (!input.AlarmName || input.AlarmName.length > 255)
    throw validationError('AlarmName must have 1 to 255 characters');
  const actions = [input.OKActions, input.AlarmActions, input.InsufficientDataActions].map(
    (list) => list ?? [],
  ) as [string[], string[], string[]];
  for (const action of actions.flat())
    if (!/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(action))
      throw validationError(
        `Invalid arn syntax or an action that the local cloud does not support: ${action}`,
      );
  const { period, evaluationPeriods, datapointsToAlarm } = checkedPeriods(input);
  if (!COMPARISON_NAMES.includes(input.ComparisonOperator ?? ''))
    throw validationError(
      `1 validation error detected: Value '${input.ComparisonOperator}' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [${COMPARISON_NAMES.join(', ')}]`,
    );
  if (input.TreatMissingData !== undefined && !MISSING_DATA.includes(input.TreatMissingData))
    throw validationError(`Unsupported treat missing data type ${input.TreatMissingData}`);
  return {
    ...(input.AlarmDescription === undefined ? {} : { description: input.AlarmDescription }),
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: actions[0],
    alarmActions: actions[1],
    insufficientDataActions: actions[2],
    namespace: required(input, 'Namespace'),
    metricName: required(input, 'MetricName'),
    dimensions: dimensionsOf(input.Dimensions),
    statistic: statisticOf(required(input, 'Statistic')),
    period,
    ...(input.Unit === undefined ? {} : { unit: input.Unit }),
    evaluationPeriods,
    ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
    threshold: required(input, 'Threshold'),
    comparison: input.ComparisonOperator as string,
    ...(input.TreatMissingData === undefined ? {} : { missingData: input.TreatMissingData }),
  };
}

function required<K extends keyof AlarmInput>(input: AlarmInput, name: K): NonNullable<AlarmInput[K]> {
  const value = input[name];
  if (value === undefined || value === null || value === '')
    throw validationError(`The parameter ${name} is required.`);
  return value as NonNullable<AlarmInput[K]>;
}

function checkedPeriods(input: AlarmInput): {
  period: number;
  evaluationPeriods: number;
  datapointsToAlarm?: number;
} {
  const period = required(input, 'Period');
  const evaluationPeriods = required(input, 'EvaluationPeriods');
  const { DatapointsToAlarm } = input;
  if (!(period >= 60 && period % 60 === 0))
    throw validationError(
      `Period must be a multiple of 60 here (the local cloud keeps minutes); it is ${period}`,
    );
  if (!(evaluationPeriods >= 1))
    throw validationError(`EvaluationPeriods must be at least 1; it is ${evaluationPeriods}`);
  const longest = period >= 3600 ? 604_800 : 86_400;
  if (period * evaluationPeriods > longest)
    throw validationError(
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400), or seven days for periods of an hour or more.',
    );
  if (DatapointsToAlarm !== undefined && !(DatapointsToAlarm >= 1 && DatapointsToAlarm <= evaluationPeriods))
    throw validationError(
      `DatapointsToAlarm must be between 1 and EvaluationPeriods (${evaluationPeriods}); it is ${DatapointsToAlarm}`,
    );
  return {
    period,
    evaluationPeriods,
    ...(DatapointsToAlarm === undefined ? {} : { datapointsToAlarm: DatapointsToAlarm }),
  };
}
