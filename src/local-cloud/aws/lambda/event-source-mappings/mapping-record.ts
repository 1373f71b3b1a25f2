/** An SQS event source mapping, under its UUID. */
export interface MappingRecord {
  uuid: string;
  region: string;
  functionArn: string;
  queueArn: string;
  batchSize: number;
  /** Seconds. */
  batchingWindow: number;
  reportBatchItemFailures: boolean;
  maximumConcurrency?: number;
  state: 'Creating' | 'Enabled' | 'Enabling' | 'Disabled' | 'Disabling' | 'Updating' | 'Deleting';
  /** What it is on its way to. */
  wanted: 'Enabled' | 'Disabled' | 'Deleted';
  tags: Record<string, string>;
  /** Milliseconds. */
  lastModified: number;
  lastProcessingResult?: string;
}

export function mappingArn(region: string, account: string, uuid: string): string {
  return `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`;
}

export function toMapping(record: MappingRecord, account: string): Record<string, unknown> {
  return {
    UUID: record.uuid,
    EventSourceMappingArn: mappingArn(record.region, account, record.uuid),
    EventSourceArn: record.queueArn,
    FunctionArn: record.functionArn,
    BatchSize: record.batchSize,
    MaximumBatchingWindowInSeconds: record.batchingWindow,
    FunctionResponseTypes: record.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(record.maximumConcurrency !== undefined && {
      ScalingConfig: { MaximumConcurrency: record.maximumConcurrency },
    }),
    State: record.state,
    StateTransitionReason: 'USER_INITIATED',
    LastModified: new Date(record.lastModified),
    ...(record.lastProcessingResult !== undefined && { LastProcessingResult: record.lastProcessingResult }),
  };
}
