export interface LogGroup {
  name: string;
  region: string;
  arn: string;
  created: number;
  retentionInDays?: number;
  tags: Record<string, string>;
  class: string;
}

export interface LogStream {
  region: string;
  group: string;
  name: string;
  created: number;
  firstEvent?: number;
  lastEvent?: number;
  lastIngestion?: number;
  /** The next event's number; event keys are never used again. */
  next: number;
}

export interface LogEvent {
  stream: string;
  /** `<region>/<group>` */
  groupKey: string;
  id: string;
  timestamp: number;
  ingested: number;
  /** Sealed: what functions write may be anyone's data. */
  message: string;
}

export interface MetricFilter {
  region: string;
  group: string;
  name: string;
  pattern: string;
  created: number;
  transformations: MetricTransformation[];
}

export interface MetricTransformation {
  metricName: string;
  metricNamespace: string;
  metricValue: string;
  defaultValue?: number;
  unit?: string;
  dimensions?: Record<string, string>;
}
