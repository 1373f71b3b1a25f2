import { ACCOUNT } from '../../kernel/cloud.js';
import type { Alarm, AlarmState } from './records.js';

const REGION_NAMES: Record<string, string> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
};

/** What CloudWatch publishes to a topic when an alarm changes its state. */
export function alarmMessage(alarm: Alarm, previous: AlarmState): { subject: string; message: string } {
  const region = REGION_NAMES[alarm.region] ?? alarm.region;
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: ACCOUNT,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarm.configured),
    NewStateValue: alarm.state,
    NewStateReason: alarm.stateReason,
    StateChangeTime: timestamp(alarm.stateUpdated),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: previous,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    Trigger: {
      MetricName: alarm.metricName,
      Namespace: alarm.namespace,
      StatisticType: 'Statistic',
      Statistic: alarm.statistic.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
      Unit: alarm.unit ?? null,
      Dimensions: Object.entries(alarm.dimensions).map(([name, value]) => ({ value, name })),
      Period: alarm.period,
      EvaluationPeriods: alarm.evaluationPeriods,
      ...(alarm.datapointsToAlarm === undefined ? {} : { DatapointsToAlarm: alarm.datapointsToAlarm }),
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.missingData ?? '',
      EvaluateLowSampleCountPercentile: '',
    },
  };
  // SNS subjects are at most 100 characters.
  return {
    subject: `${alarm.state}: "${alarm.name}" in ${region}`.slice(0, 100),
    message: JSON.stringify(message),
  };
}

/** `2026-11-23T10:00:00.000+0000`. */
export function timestamp(time: number): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}
