import { KNOWN_AFTER_APPLY } from '../template/scope.js';

/** How to find out whether a thing of a name exists: a read that answers for existing things only. */
interface Probe {
  property: string;
  service: string;
  operation: string;
  input(name: string): object;
  /** For reads that answer with a list: whether the thing is in it. */
  found?(output: Record<string, unknown>, name: string): boolean;
}

function listed(list: string, member: string): NonNullable<Probe['found']> {
  return (output, name) =>
    ((output[list] as Record<string, unknown>[] | undefined) ?? []).some((item) => item[member] === name);
}

/** Types whose names a template may fix, so that creating a second one fails. */
const PROBES: Record<string, Probe> = {
  'AWS::CloudWatch::Alarm': {
    property: 'AlarmName',
    service: 'monitoring',
    operation: 'DescribeAlarms',
    input: (name) => ({ AlarmNames: [name] }),
    found: listed('MetricAlarms', 'AlarmName'),
  },
  'AWS::Events::Archive': {
    property: 'ArchiveName',
    service: 'events',
    operation: 'DescribeArchive',
    input: (name) => ({ ArchiveName: name }),
  },
  'AWS::Events::EventBus': {
    property: 'Name',
    service: 'events',
    operation: 'DescribeEventBus',
    input: (name) => ({ Name: name }),
  },
  'AWS::IAM::Role': {
    property: 'RoleName',
    service: 'iam',
    operation: 'GetRole',
    input: (name) => ({ RoleName: name }),
  },
  'AWS::Lambda::Function': {
    property: 'FunctionName',
    service: 'lambda',
    operation: 'GetFunction',
    input: (name) => ({ FunctionName: name }),
  },
  'AWS::Logs::LogGroup': {
    property: 'LogGroupName',
    service: 'logs',
    operation: 'DescribeLogGroups',
    input: (name) => ({ logGroupNamePrefix: name }),
    found: listed('logGroups', 'logGroupName'),
  },
  'AWS::S3::Bucket': {
    property: 'BucketName',
    service: 's3',
    operation: 'HeadBucket',
    input: (name) => ({ Bucket: name }),
  },
  'AWS::SNS::Topic': {
    property: 'TopicName',
    service: 'sns',
    operation: 'ListTopics',
    input: () => ({}),
    found: (output, name) =>
      ((output.Topics as { TopicArn: string }[] | undefined) ?? []).some(({ TopicArn }) =>
        TopicArn.endsWith(`:${name}`),
      ),
  },
  'AWS::SQS::Queue': {
    property: 'QueueName',
    service: 'sqs',
    operation: 'GetQueueUrl',
    input: (name) => ({ QueueName: name }),
  },
  'AWS::SSM::Parameter': {
    property: 'Name',
    service: 'ssm',
    operation: 'GetParameter',
    input: (name) => ({ Name: name }),
  },
};

/**
 * The fixed name under which a resource would collide with a thing that exists, and the property that fixes it.
 * `undefined` where there is none, and where it cannot be told (no permission, a name that is known later).
 */
export async function nameConflict(
  type: string,
  properties: Record<string, unknown>,
  call: (service: string, operation: string, input: object) => Promise<unknown>,
): Promise<{ property: string; name: string } | undefined> {
  const probe = PROBES[type];
  const name = probe && properties[probe.property];
  if (!probe || typeof name !== 'string' || name.includes(KNOWN_AFTER_APPLY)) return undefined;
  try {
    const output = (await call(probe.service, probe.operation, probe.input(name))) as Record<string, unknown>;
    return (probe.found?.(output, name) ?? true) ? { property: probe.property, name } : undefined;
  } catch {
    return undefined;
  }
}
