import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, vi } from 'vitest';
import { askAdmin } from '../../support/local-cloud.js';
import { type Breakage, breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const cloudwatch = (stage: SetUpStage) => new CloudWatchClient(stage.client);
const sns = (stage: SetUpStage) => new SNSClient(stage.client);
const TopicArn = (stage: SetUpStage) => stage.outputs.alarmTopicArn;
const ADDRESS = 'oncall@example.com';

/** The stack's alarm whose name contains this. */
async function alarm(stage: SetUpStage, part: string): Promise<MetricAlarm> {
  const { MetricAlarms = [] } = await cloudwatch(stage).send(new DescribeAlarmsCommand({}));
  const found = MetricAlarms.find(({ AlarmName }) => AlarmName?.includes(part));
  if (!found) throw new Error(`there is no alarm ${part}`);
  return found;
}

async function change(stage: SetUpStage, part: string, changes: Partial<MetricAlarm>): Promise<void> {
  const { AlarmName, Namespace, MetricName, Statistic, Period, Threshold, ...found } = await alarm(
    stage,
    part,
  );
  await cloudwatch(stage).send(
    new PutMetricAlarmCommand({
      AlarmName,
      AlarmDescription: found.AlarmDescription,
      Namespace,
      MetricName,
      Statistic,
      Period,
      Threshold,
      Dimensions: found.Dimensions,
      EvaluationPeriods: found.EvaluationPeriods,
      ComparisonOperator: found.ComparisonOperator,
      TreatMissingData: found.TreatMissingData,
      AlarmActions: found.AlarmActions,
      ...changes,
    }),
  );
}

async function remove(stage: SetUpStage, part: string): Promise<void> {
  const { AlarmName = '' } = await alarm(stage, part);
  await cloudwatch(stage).send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
}

/** Everything about an alarm that a person configures. */
async function configuration(stage: SetUpStage, part: string) {
  const { AlarmName, AlarmArn, AlarmDescription, Namespace, MetricName, Dimensions, ...rest } = await alarm(
    stage,
    part,
  );
  const { Statistic, Period, EvaluationPeriods, Threshold, ComparisonOperator, TreatMissingData } = rest;
  return {
    ...{ AlarmName, AlarmArn, AlarmDescription, Namespace, MetricName },
    dimensions: new Set(Dimensions),
    ...{ Statistic, Period, EvaluationPeriods, Threshold, ComparisonOperator, TreatMissingData },
    ...{ actions: rest.AlarmActions, enabled: rest.ActionsEnabled },
  };
}

const HELD = { Namespace: 'Shop', MetricName: 'OrdersHeld', alarm: 'shop-orders-held' };

/**
 * A person's own alarm on one of the path's queues, whose metric has data above its threshold. It goes on ringing when
 * there is no more data; a state that is only set would last until CloudWatch looks the next time.
 */
async function ring(stage: SetUpStage): Promise<void> {
  const { Namespace, MetricName, alarm: AlarmName } = HELD;
  const { Dimensions } = await alarm(stage, 'DeliveryFailuresAlarm');
  await cloudwatch(stage).send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Namespace, MetricName, Dimensions, Statistic: 'Sum', Period: 60, EvaluationPeriods: 1 },
      ...{ ComparisonOperator: 'GreaterThanThreshold', Threshold: 0, TreatMissingData: 'ignore' },
      AlarmActions: [TopicArn(stage)],
    }),
  );
  await cloudwatch(stage).send(
    new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Dimensions, Value: 1 }] }),
  );
  await vi.waitUntil(async () => (await alarm(stage, AlarmName)).StateValue === 'ALARM', { timeout: 60_000 });
}

async function confirm(stage: SetUpStage): Promise<void> {
  const answer = await askAdmin(stage.cloud, 'inbox/confirm', 'POST');
  expect(answer.status).toBe(200);
}

function subscribe(stage: SetUpStage, Protocol: string, Endpoint: string): Promise<unknown> {
  return sns(stage).send(new SubscribeCommand({ TopicArn: TopicArn(stage), Protocol, Endpoint }));
}

async function unsubscribe(stage: SetUpStage, endpoint?: string): Promise<void> {
  const { Subscriptions = [] } = await sns(stage).send(
    new ListSubscriptionsByTopicCommand({ TopicArn: TopicArn(stage) }),
  );
  for (const { SubscriptionArn, Endpoint } of Subscriptions)
    if (endpoint === undefined || Endpoint === endpoint)
      await sns(stage).send(new UnsubscribeCommand({ SubscriptionArn }));
}

function setTopic(stage: SetUpStage, AttributeName: string, AttributeValue: string) {
  return sns(stage).send(
    new SetTopicAttributesCommand({ TopicArn: TopicArn(stage), AttributeName, AttributeValue }),
  );
}

async function topicPolicy(stage: SetUpStage): Promise<{ Statement: { Sid: string }[] }> {
  const { Attributes } = await sns(stage).send(new GetTopicAttributesCommand({ TopicArn: TopicArn(stage) }));
  return JSON.parse(Attributes?.Policy ?? '{}');
}

describe('the alarms', () => {
  let before: Awaited<ReturnType<typeof configuration>>;
  let policy: Awaited<ReturnType<typeof topicPolicy>>;
  const remember = async (stage: SetUpStage, part: string) => {
    before = await configuration(stage, part);
  };
  const asBefore = (part: string) => async (stage: SetUpStage) =>
    expect(await configuration(stage, part)).toEqual(before);

  breakIt(
    [
      {
        broken: "The alarm on the handler's errors was deleted",
        check: 'alarm.function-errors',
        reason: /^no alarm covers errors of cachao-dev-StripeEventFunction\S*$/,
        break: async (stage) => {
          await remember(stage, 'StripeEventErrorsAlarm');
          await remove(stage, 'StripeEventErrorsAlarm');
        },
        fixed: true,
        planned: /alarm cachao-dev-StripeEventErrorsAlarm.*FunctionName: cachao-dev-StripeEventFunction/,
        repaired: asBefore('StripeEventErrorsAlarm'),
      },
      {
        broken: 'Its dimension is the ARN, as the checklist has it',
        check: 'alarm.function-errors',
        reason:
          /StripeEventErrorsAlarm\S* has an ARN as FunctionName, where the name belongs, so it never fires/,
        break: async (stage) => {
          await remember(stage, 'StripeEventErrorsAlarm');
          await change(stage, 'StripeEventErrorsAlarm', {
            Dimensions: [{ Name: 'FunctionName', Value: stage.outputs.eventFunctionArn }],
          });
        },
        fixed: true,
        repaired: asBefore('StripeEventErrorsAlarm'),
      },
      {
        broken: 'It rings when there are few errors',
        check: 'alarm.function-errors',
        reason: /rings when there are few/,
        break: (stage) =>
          change(stage, 'StripeEventErrorsAlarm', { ComparisonOperator: 'LessThanThreshold' }),
        fixed: true,
        repaired: asBefore('StripeEventErrorsAlarm'),
      },
      {
        broken: 'The alarm on a queue was deleted',
        check: 'alarm.loss',
        reason: /^no alarm covers messages in cachao-dev-DeliveryFailuresQueue\S*$/,
        break: (stage) => remove(stage, 'DeliveryFailuresAlarm'),
        fixed: true,
      },
      {
        broken: 'The alarm on failed invocations has the rule only',
        check: 'alarm.loss',
        reason: /FailedInvocationsAlarm\S* lacks the dimension EventBusName, so it never fires/,
        break: async (stage) => {
          await remember(stage, 'FailedInvocationsAlarm');
          await change(stage, 'FailedInvocationsAlarm', {
            Dimensions: [{ Name: 'RuleName', Value: stage.outputs.ruleName }],
          });
        },
        fixed: true,
        repaired: asBefore('FailedInvocationsAlarm'),
      },
      {
        broken: 'The alarm on events that could not be kept has a metric that does not exist',
        check: 'alarm.loss',
        reason: /watches InvocationsFailedToBeSentToDLQ, which is called InvocationsFailedToBeSentToDlq/,
        break: (stage) =>
          change(stage, 'DeliveryFailuresUnreachableAlarm', { MetricName: 'InvocationsFailedToBeSentToDLQ' }),
        fixed: true,
      },
      {
        broken: 'The alarm on failures that could not be kept was deleted',
        check: 'alarm.loss',
        reason: /no alarm covers events that cachao-dev-StripeEventFunction\S* failed on/,
        break: (stage) => remove(stage, 'FunctionFailuresUnreachableAlarm'),
        fixed: true,
      },
      {
        broken: "The alarm on the webhook's server errors was deleted",
        check: 'alarm.webhook',
        reason: /^no alarm covers server errors of cachao-dev-webhook$/,
        break: (stage) => remove(stage, 'WebhookServerErrorsAlarm'),
        fixed: true,
      },
      {
        broken: 'Actions of an alarm are switched off',
        check: 'alarm.actions',
        reason: /^the actions of cachao-dev-FailedInvocationsAlarm\S* are switched off$/,
        break: async (stage) => {
          const { AlarmName = '' } = await alarm(stage, 'FailedInvocationsAlarm');
          await cloudwatch(stage).send(new DisableAlarmActionsCommand({ AlarmNames: [AlarmName] }));
        },
        fixed: true,
        planned: /actions: off -> on/,
      },
      {
        broken: 'An alarm has no action',
        check: 'alarm.actions',
        reason: /^cachao-dev-FunctionFailuresAlarm\S* notifies nobody: it has no action$/,
        break: (stage) => change(stage, 'FunctionFailuresAlarm', { AlarmActions: [] }),
        fixed: true,
        planned: /actions: \+ arn:aws:sns/,
      },
      {
        broken: 'An alarm tells a topic that is gone',
        check: 'alarm.actions',
        reason: /^cachao-dev-FunctionFailuresAlarm\S* tells the topic gone, which does not exist$/,
        break: (stage) =>
          change(stage, 'FunctionFailuresAlarm', {
            AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:gone'],
          }),
        fixed: false,
        undo: (stage) => change(stage, 'FunctionFailuresAlarm', { AlarmActions: [TopicArn(stage)] }),
      },
      {
        broken: 'An alarm tells a topic in another account besides',
        check: 'alarm.actions',
        reason:
          /FunctionFailuresAlarm\S* notifies arn:aws:sns:eu-west-1:999999999999:\S+, in another account or region$/,
        break: (stage) =>
          change(stage, 'FunctionFailuresAlarm', {
            AlarmActions: [TopicArn(stage), TopicArn(stage).replace('123456789012', '999999999999')],
          }),
        fixed: false,
        undo: (stage) => change(stage, 'FunctionFailuresAlarm', { AlarmActions: [TopicArn(stage)] }),
      },
      ...(
        [
          ['email', 'eve@evil.example', 'eve@evil.example'],
          ['https', 'https://evil.example/key-of-somebody', 'https://evil.example/…'],
          ['sqs', 'arn:aws:sqs:eu-west-1:999999999999:shop', 'arn:aws:sqs:eu-west-1:999999999999:shop'],
        ] as const
      ).map(
        ([protocol, endpoint, shown]): Breakage => ({
          broken: `Somebody hears of the alarms by ${protocol} whom nobody chose`,
          check: 'alarm.actions',
          reason: new RegExp(`^${shown} receives the alarms, and is not configured$`),
          break: async (stage) => {
            await subscribe(stage, protocol, endpoint);
            // SQS confirms by itself.
            if (protocol !== 'sqs') await confirm(stage);
          },
          fixed: false,
          undo: (stage) => unsubscribe(stage, endpoint),
        }),
      ),
      {
        broken: "The topic is encrypted with AWS's own key",
        check: 'alarm.actions',
        reason: /encrypted with alias\/aws\/sns, which CloudWatch may not use/,
        break: (stage) => setTopic(stage, 'KmsMasterKeyId', 'alias/aws/sns'),
        fixed: true,
        planned: /key: alias\/aws\/sns -> none/,
      },
      {
        broken: "The topic's policy does not let CloudWatch publish",
        check: 'alarm.actions',
        reason: /^the policy of the topic \S+ does not let CloudWatch publish$/,
        break: async (stage) => {
          policy = await topicPolicy(stage);
          const Statement = [
            ...policy.Statement.filter(({ Sid }) => Sid !== 'AlarmsPublish'),
            {
              Sid: 'Deployments',
              Effect: 'Allow',
              Principal: { AWS: '123456789012' },
              Action: 'sns:Publish',
              Resource: TopicArn(stage),
            },
          ];
          await setTopic(stage, 'Policy', JSON.stringify({ ...policy, Statement }));
        },
        fixed: true,
        planned: /\+ AlarmsPublish/,
        // What a person added stays.
        repaired: async (stage) => {
          const { Statement } = await topicPolicy(stage);
          expect(Statement.map(({ Sid }) => Sid)).toContain('Deployments');
          expect(new Set(Statement.filter(({ Sid }) => Sid !== 'Deployments'))).toEqual(
            new Set(policy.Statement),
          );
        },
      },
      {
        broken: 'Nobody is subscribed any more',
        check: 'alarm.actions',
        reason: /oncall@example\.com is not subscribed/,
        break: (stage) => unsubscribe(stage),
        fixed: true,
        left: 'warn',
        planned: /subscription oncall@example\.com/,
        undo: confirm,
      },
      {
        broken: 'The address has not been confirmed',
        check: 'alarm.actions',
        outcome: 'warn',
        reason: /oncall@example\.com has not confirmed that it wants the alarms/,
        break: async (stage) => {
          await unsubscribe(stage);
          await sns(stage).send(
            new SubscribeCommand({ TopicArn: TopicArn(stage), Protocol: 'email', Endpoint: ADDRESS }),
          );
        },
        fixed: false,
        undo: confirm,
      },
      {
        broken: 'An alarm rings',
        check: 'alarm.state',
        reason: /^shop-orders-held has been ringing since 20/,
        break: ring,
        fixed: false,
        undo: (stage) => remove(stage, HELD.alarm),
      },
    ],
    { prepare: confirm },
  );
});
