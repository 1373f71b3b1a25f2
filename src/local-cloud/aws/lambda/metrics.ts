import type { LocalCloud } from '../../kernel/cloud.js';
import type { FunctionRecord } from './function-record.js';

export type LambdaMetric =
  | 'Invocations'
  | 'Errors'
  | 'Throttles'
  | 'Duration'
  | 'ConcurrentExecutions'
  | 'DeadLetterErrors'
  | 'DestinationDeliveryFailures'
  | 'AsyncEventsReceived'
  | 'AsyncEventAge'
  | 'AsyncEventsDropped';

/** One datum of AWS/Lambda, by function name and, as Lambda does, by name and resource. Ages and durations in ms. */
export function count(
  cloud: LocalCloud,
  record: Pick<FunctionRecord, 'name' | 'region'>,
  metric: LambdaMetric,
  value = 1,
): void {
  const unit = metric === 'Duration' || metric === 'AsyncEventAge' ? 'Milliseconds' : 'Count';
  const metrics = cloud.port('metrics');
  metrics.put(record.region, 'AWS/Lambda', metric, value, { FunctionName: record.name }, unit);
  metrics.put(
    record.region,
    'AWS/Lambda',
    metric,
    value,
    { FunctionName: record.name, Resource: record.name },
    unit,
  );
}
