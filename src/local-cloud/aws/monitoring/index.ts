import { ACCOUNT } from '../../kernel/cloud.js';
import type { Call, Operation, ServiceFactory } from '../../kernel/service.js';
import { alarmOperations } from './alarm-operations.js';
import { alarmType } from './alarm-resource-type.js';
import { Alarms } from './alarms.js';
import { metricOperations } from './metric-operations.js';
import { type Metric, MetricStore } from './metric-store.js';
import type { Bucket } from './records.js';

/** CloudWatch: metrics by the minute, alarms on exactly one metric, their history and their SNS actions. */
export const monitoringService: ServiceFactory = (cloud) => {
  const store = new MetricStore(cloud);
  const alarms = new Alarms(cloud, store);
  const put = (metric: Metric, bucket: Bucket, unit: string, time: number): void => {
    store.put(metric, bucket, unit, time);
    alarms.dataCame(metric);
  };
  cloud.provide('metrics', {
    put: (region, namespace, name, value, dimensions, unit = 'None', time = cloud.clock.now()) =>
      put({ region, namespace, name, dimensions }, [value, 1, value, value], unit, time),
  });
  return {
    name: 'monitoring',
    iamPrefix: 'cloudwatch',
    protocol: 'json',
    jsonVersion: '1.0',
    targetPrefix: 'GraniteServiceVersion20100801',
    queryCompatible: true,
    operations: { ...metricOperations(store, put), ...onAlarms(alarmOperations(alarms)) },
    resourceTypes: { 'AWS::CloudWatch::Alarm': alarmType },
    start: () => alarms.watch(),
  };
};

/** Operations that change alarms are authorised on the alarms' ARNs. */
function onAlarms(operations: Record<string, Operation>): Record<string, Operation> {
  const resource = (
    input: { AlarmName?: unknown; AlarmNames?: unknown; ResourceARN?: unknown },
    call: Call,
  ): string | string[] => {
    if (typeof input.ResourceARN === 'string') return input.ResourceARN;
    const names = [input.AlarmName ?? input.AlarmNames ?? '*'].flat().map(String);
    return names.map((name) => `arn:aws:cloudwatch:${call.region}:${ACCOUNT}:alarm:${name}`);
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, { ...operation, resource }]),
  );
}
