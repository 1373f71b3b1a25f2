import { describe, expect, it } from 'vitest';
import { resourcesOf } from './read-template.js';

const EVENT_FUNCTION = { FunctionName: { Ref: 'StripeEventFunction' } };
const WEBHOOK_FUNCTION = { FunctionName: { Ref: 'StripeWebhookFunction' } };
const RULE = {
  EventBusName: { Ref: 'PartnerEventBusName' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder
  RuleName: { 'Fn::Sub': '${AWS::StackName}-stripe' },
};

/** Every metric that signals loss, with the very dimensions that AWS reports it under. */
const WATCHED: [string, string, object][] = [
  ['AWS/Lambda', 'Errors', EVENT_FUNCTION],
  ['AWS/Lambda', 'Throttles', EVENT_FUNCTION],
  ['AWS/Lambda', 'DestinationDeliveryFailures', EVENT_FUNCTION],
  ['AWS/Lambda', 'Invocations', EVENT_FUNCTION],
  ['AWS/Lambda', 'Errors', WEBHOOK_FUNCTION],
  ['AWS/Lambda', 'Throttles', WEBHOOK_FUNCTION],
  ['AWS/Events', 'FailedInvocations', RULE],
  ['AWS/Events', 'InvocationsFailedToBeSentToDlq', RULE],
  ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue('DeliveryFailuresQueue')],
  ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue('FunctionFailuresQueue')],
  [
    'AWS/ApiGateway',
    '5XXError',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder
    { ApiName: { 'Fn::Sub': '${AWS::StackName}-webhook' }, Stage: { Ref: 'Stage' } },
  ],
];

interface Alarm {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
  AlarmActions: unknown[];
  ActionsEnabled: boolean;
  TreatMissingData: string;
  AlarmDescription: unknown;
}

const alarms = resourcesOf('AWS::CloudWatch::Alarm').map(
  ([id, resource]) => [id, resource.Properties as unknown as Alarm] as const,
);

describe('alarms', () => {
  it('watch exactly what signals loss, under the dimensions that the metrics have', () => {
    const watched = alarms.map(([, alarm]) => [alarm.Namespace, alarm.MetricName, dimensions(alarm)]);
    expect(watched).toHaveLength(WATCHED.length);
    expect(watched).toEqual(expect.arrayContaining(WATCHED));
  });

  it.each(alarms)('%s notifies the topic and says what to do', (id, alarm) => {
    expect(alarm.AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
    expect(alarm.ActionsEnabled).toBe(true);
    expect(JSON.stringify(alarm.AlarmDescription)).toContain('cachao ');
    expect(alarm.TreatMissingData).toBe(id === 'SilenceAlarm' ? 'breaching' : 'notBreaching');
  });
});

function dimensions(alarm: Alarm): Record<string, unknown> {
  return Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value]));
}

function queue(id: string) {
  return { QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } };
}
