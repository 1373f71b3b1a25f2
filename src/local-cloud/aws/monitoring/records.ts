export type Dimensions = Record<string, string>;

/** Sum, count, minimum and maximum of one minute. */
export type Bucket = [sum: number, count: number, minimum: number, maximum: number];

/** One hour of one metric with exactly these dimensions. */
export interface SeriesHour {
  region: string;
  namespace: string;
  name: string;
  dimensions: Dimensions;
  unit: string;
  hour: number;
  /** By minute of the hour. */
  minutes: Record<string, Bucket>;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type Statistic = 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum';

export interface Alarm {
  name: string;
  arn: string;
  region: string;
  description?: string;
  actionsEnabled: boolean;
  okActions: string[];
  alarmActions: string[];
  insufficientDataActions: string[];
  namespace: string;
  metricName: string;
  dimensions: Dimensions;
  statistic: Statistic;
  /** Seconds. */
  period: number;
  unit?: string;
  evaluationPeriods: number;
  datapointsToAlarm?: number;
  threshold: number;
  comparison: string;
  missingData?: string;
  state: AlarmState;
  stateReason: string;
  stateReasonData?: string;
  stateUpdated: number;
  configured: number;
  tags: Record<string, string>;
}

export interface AlarmHistory {
  region: string;
  alarm: string;
  time: number;
  type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  summary: string;
  data: string;
}
