import { invalidMember, invalidParameter, unsupported } from '../errors.js';

/** The members of Create- and UpdateEventSourceMapping that concern SQS. */
export interface MappingInput {
  FunctionName?: string;
  EventSourceArn?: string;
  Enabled?: boolean;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
  Tags?: Record<string, string>;
}

const MEANT_FOR_SQS = new Set([
  'UUID',
  'FunctionName',
  'EventSourceArn',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FunctionResponseTypes',
  'ScalingConfig',
  'Tags',
]);

/** Throws what Lambda throws, and names what the local cloud leaves out (filters, metrics, other sources). */
export function checkSettings(input: MappingInput, operation: string): void {
  for (const [member, value] of Object.entries(input))
    if (!MEANT_FOR_SQS.has(member) && value !== undefined) throw unsupported(operation, member);
  const { BatchSize, MaximumBatchingWindowInSeconds: window, ScalingConfig } = input;
  if (BatchSize !== undefined && (!Number.isInteger(BatchSize) || BatchSize < 1 || BatchSize > 10_000))
    throw invalidMember('batchSize', BatchSize, 'Member must have value between 1 and 10000');
  if (window !== undefined && (!Number.isInteger(window) || window < 0 || window > 300))
    throw invalidMember(
      'maximumBatchingWindowInSeconds',
      window,
      'Member must have value less than or equal to 300',
    );
  if ((BatchSize ?? 10) > 10 && (window ?? 0) < 1)
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  const most = ScalingConfig?.MaximumConcurrency;
  if (most !== undefined && (!Number.isInteger(most) || most < 2 || most > 1000))
    throw invalidMember(
      'scalingConfig.maximumConcurrency',
      most,
      most < 2
        ? 'Member must have value greater than or equal to 2'
        : 'Member must have value less than or equal to 1000',
    );
  for (const type of input.FunctionResponseTypes ?? [])
    if (type !== 'ReportBatchItemFailures')
      throw invalidMember(
        'functionResponseTypes',
        type,
        'Member must satisfy enum value set: [ReportBatchItemFailures]',
      );
}
