import { getAtt, ref, type Value } from '../patch/value.js';

/** A queue in which lost events wait: for the longest time there is, encrypted, and outliving the stack. */
export const deadLetterQueue = (): Value => ({
  Type: 'AWS::SQS::Queue',
  UpdateReplacePolicy: 'Retain',
  DeletionPolicy: 'RetainExceptOnCreate',
  Properties: { MessageRetentionPeriod: 1_209_600, VisibilityTimeout: 180, SqsManagedSseEnabled: true },
});

const statement = (queue: string, more: { [key: string]: Value }): Value => ({
  ...more,
  Resource: getAtt(queue, 'Arn'),
});

export const overTls = (queue: string): Value => ({
  Sid: 'OnlyOverTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: getAtt(queue, 'Arn'),
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

const policy = (queue: string, statements: readonly Value[]): Value => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [ref(queue)],
    PolicyDocument: { Version: '2012-10-17', Statement: statements },
  },
});

const sendsAs = (queue: string, rule: Value): Value =>
  statement(queue, {
    Sid: 'RuleSends',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Condition: { ArnEquals: { 'aws:SourceArn': rule } },
  });

/** A queue's policy: the rule sends, nobody else; and everything over TLS. */
export const onlyRuleSends = (queue: string, rule: Value): Value =>
  policy(queue, [
    sendsAs(queue, rule),
    statement(queue, {
      Sid: 'NobodyElseSends',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:SendMessage',
      Condition: { ArnNotEquals: { 'aws:SourceArn': rule } },
    }),
    overTls(queue),
  ]);

/** A queue's policy: the rule sends, beside whoever may by its role; and everything over TLS. */
export const ruleSends = (queue: string, rule: Value): Value =>
  policy(queue, [sendsAs(queue, rule), overTls(queue)]);

/** A queue's policy: everything over TLS. */
export const onlyTls = (queue: string): Value => policy(queue, [overTls(queue)]);

/** An alarm that rings as soon as there is one. */
export const alarm = (options: {
  description: string;
  namespace: string;
  metric: string;
  dimensions: readonly (readonly [string, Value])[];
  statistic?: string;
  topic: Value;
}): Value => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: options.description,
    Namespace: options.namespace,
    MetricName: options.metric,
    Dimensions: options.dimensions.map(([name, value]) => ({ Name: name, Value: value })),
    Statistic: options.statistic ?? 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [options.topic],
  },
});
