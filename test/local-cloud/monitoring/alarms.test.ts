import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askAdmin } from '../../support/local-cloud.js';
import { startWatchedCloud, type WatchedCloud } from '../watched-cloud.js';

const MINUTE = 60_000;

let watched: WatchedCloud;
let client: CloudWatchClient;
beforeEach(async () => {
  watched = await startWatchedCloud();
  client = new CloudWatchClient(watched.client);
  // To the beginning of a period, so that what is put and what is looked at share it.
  await watched.clock.advance(MINUTE - (watched.clock.now() % MINUTE));
});
afterEach(() => watched.close());

const errors = (value: number, name = 'handler') =>
  watched.cloud
    .port('metrics')
    .put('eu-west-1', 'AWS/Lambda', 'Errors', value, { FunctionName: name }, 'Count');

async function alarm(input: Partial<PutMetricAlarmCommandInput> = {}) {
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: 'failing',
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'handler' }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      ...input,
    }),
  );
}

async function stateOf(name = 'failing') {
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  return MetricAlarms?.[0];
}

async function mails(): Promise<{ subject: string; body?: string; token: string | null }[]> {
  const answer = await askAdmin({ aws: watched.url, cloud: watched.cloud }, 'inbox');
  return ((await answer.json()) as { mails: { subject: string; body?: string; token: string | null }[] })
    .mails;
}

async function mailedTopic(): Promise<string> {
  const sns = new SNSClient(watched.client);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'call@example.com' }));
  const token = (await mails()).find((mail) => mail.token)?.token as string;
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: token }));
  return TopicArn as string;
}

describe('an alarm', () => {
  it('begins without data, fires on its metric, tells its topic, and returns to OK', async () => {
    const topic = await mailedTopic();
    await alarm({ AlarmActions: [topic] });
    expect(await stateOf()).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
    });
    errors(1);
    errors(2);
    await watched.clock.advance(10_000);
    const fired = await stateOf();
    expect(fired?.StateValue).toBe('ALARM');
    expect(fired?.StateReason).toMatch(
      /^Threshold Crossed: 1 out of the last 1 datapoints \[3\.0 \(.+\)\] was greater than the threshold \(0\.0\) \(minimum 1 datapoint for OK -> ALARM transition\)\.$/,
    );
    const mail = (await mails()).find(({ subject }) => subject === 'ALARM: "failing" in EU (Ireland)');
    expect(JSON.parse(mail?.body ?? '{}')).toMatchObject({
      AlarmName: 'failing',
      NewStateValue: 'ALARM',
      OldStateValue: 'INSUFFICIENT_DATA',
      Trigger: {
        MetricName: 'Errors',
        Statistic: 'SUM',
        Dimensions: [{ name: 'FunctionName', value: 'handler' }],
        Period: 60,
        Threshold: 0,
      },
    });
    await watched.clock.advance(4 * MINUTE);
    expect(await stateOf()).toMatchObject({
      StateValue: 'OK',
      StateReason: expect.stringContaining('treated as [NonBreaching]'),
    });
    const { AlarmHistoryItems } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'failing', HistoryItemType: 'StateUpdate' }),
    );
    expect(AlarmHistoryItems?.map((item) => item.HistorySummary)).toEqual([
      'Alarm updated from ALARM to OK',
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
    ]);
  });

  it('never fires on a dimension that is not exactly the metric’s', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:handler';
    await alarm({ AlarmName: 'arn', Dimensions: [{ Name: 'FunctionName', Value: arn }] });
    await alarm({
      AlarmName: 'arn-missing',
      Dimensions: [{ Name: 'FunctionName', Value: arn }],
      TreatMissingData: 'missing',
    });
    await alarm({ AlarmName: 'none', Dimensions: [] });
    errors(9);
    await watched.clock.advance(3 * MINUTE);
    errors(9);
    await watched.clock.advance(10_000);
    expect((await stateOf('arn'))?.StateValue).toBe('OK');
    expect((await stateOf('arn-missing'))?.StateValue).toBe('INSUFFICIENT_DATA');
    expect((await stateOf('none'))?.StateValue).toBe('OK');
  });

  it('needs its datapoints to alarm', async () => {
    await alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    errors(1);
    await watched.clock.advance(MINUTE);
    expect((await stateOf())?.StateValue).not.toBe('ALARM');
    errors(1);
    await watched.clock.advance(10_000);
    expect((await stateOf())?.StateValue).toBe('ALARM');
  });

  it('waits for the period to end where more data could take a breach back', async () => {
    await alarm({ ComparisonOperator: 'LessThanThreshold', Threshold: 2, TreatMissingData: 'missing' });
    errors(1);
    await watched.clock.advance(10_000);
    expect((await stateOf())?.StateValue).toBe('INSUFFICIENT_DATA');
    errors(1);
    await watched.clock.advance(MINUTE);
    expect((await stateOf())?.StateValue).toBe('OK');
  });

  it('fires on silence where missing data is breaching', async () => {
    await alarm({ TreatMissingData: 'breaching', EvaluationPeriods: 2 });
    await watched.clock.advance(2 * MINUTE);
    expect((await stateOf())?.StateValue).toBe('ALARM');
  });

  it('tells nobody while its actions are off, and only its history when a topic refuses', async () => {
    const topic = await mailedTopic();
    await alarm({ AlarmActions: [topic] });
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ['failing'] }));
    const before = (await mails()).length;
    await client.send(
      new SetAlarmStateCommand({ AlarmName: 'failing', StateValue: 'ALARM', StateReason: 'a test' }),
    );
    expect(await mails()).toHaveLength(before);
    await alarm({ AlarmActions: [`${topic}-gone`] });
    await client.send(
      new SetAlarmStateCommand({ AlarmName: 'failing', StateValue: 'OK', StateReason: 'a test' }),
    );
    await client.send(
      new SetAlarmStateCommand({ AlarmName: 'failing', StateValue: 'ALARM', StateReason: 'a test' }),
    );
    const { AlarmHistoryItems } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'failing', HistoryItemType: 'Action' }),
    );
    expect(AlarmHistoryItems?.[0]?.HistorySummary).toContain('Failed to execute action');
  });

  it('is refused by name where the local cloud cannot evaluate it', async () => {
    await expect(alarm({ Statistic: undefined, ExtendedStatistic: 'p99' })).rejects.toThrow(
      'The local cloud does not support the statistic p99',
    );
    await expect(alarm({ Period: 0 })).rejects.toThrow();
    await expect(alarm({ DatapointsToAlarm: 3 })).rejects.toThrow(
      'DatapointsToAlarm must be between 1 and EvaluationPeriods (1)',
    );
    await expect(
      client.send(new SetAlarmStateCommand({ AlarmName: 'nobody', StateValue: 'OK', StateReason: 'x' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });
});
