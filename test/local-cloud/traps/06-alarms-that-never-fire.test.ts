import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askAdmin } from '../../support/local-cloud.js';
import { openShop, type Shop } from './shop.js';

interface Mail {
  to: string;
  subject: string;
  token: string | null;
}

let shop: Shop;
let arn: string;
beforeEach(async () => {
  shop = await openShop({ speed: 6000 });
  arn = await shop.createFunction('orders', 'export const handler = async () => { throw new Error("no") }');
});
afterEach(() => shop.close());

const dimension = (Value: string) => ({ Dimensions: [{ Name: 'FunctionName', Value }] });
const stateOf = async (name: string) => {
  const { MetricAlarms } = await shop.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  return MetricAlarms?.[0]?.StateValue;
};
const mailsTo = async (address: string) =>
  ((await (await askAdmin(shop.cloud, 'inbox')).json()) as { mails: Mail[] }).mails.filter(
    ({ to }) => to === address,
  );

async function failUntil(alarm: string): Promise<void> {
  while ((await stateOf(alarm)) !== 'ALARM') {
    await shop.functions.send(new InvokeCommand({ FunctionName: 'orders' }));
    await shop.aMoment();
  }
}

it('with an ARN for a dimension it stays where it began, while the one with the name fires', async () => {
  await shop.alarm({ AlarmName: 'by-arn', ...dimension(arn) });
  await shop.alarm({ AlarmName: 'by-arn-lulled', ...dimension(arn), TreatMissingData: 'notBreaching' });
  await shop.alarm({ AlarmName: 'by-name', ...dimension('orders') });
  await failUntil('by-name');
  expect(await stateOf('by-arn')).toBe('INSUFFICIENT_DATA');
  expect(await stateOf('by-arn-lulled')).toBe('OK');
});

it('on a metric that nobody reports it stays where it began too', async () => {
  await shop.alarm({ AlarmName: 'misspelt', MetricName: 'Error', ...dimension('orders') });
  await shop.alarm({ AlarmName: 'right', ...dimension('orders') });
  await failUntil('right');
  expect(await stateOf('misspelt')).toBe('INSUFFICIENT_DATA');
});

it('a subscription that was not confirmed gets no mail, the confirmed one beside it does', async () => {
  const sns = new SNSClient(shop.cloud.client);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
  for (const Endpoint of ['asleep@shop.example', 'awake@shop.example'])
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
  const token = (await mailsTo('awake@shop.example'))[0]?.token;
  await askAdmin(shop.cloud, 'inbox/confirm', 'POST', { token });
  await shop.alarm({ AlarmActions: [TopicArn as string], ...dimension('orders') });
  await failUntil('failing');
  while ((await mailsTo('awake@shop.example')).length < 2) await shop.aMoment();
  const asleep = (await mailsTo('asleep@shop.example')).map(({ subject }) => subject);
  expect(asleep).toEqual(['AWS Notification - Subscription Confirmation']);
});
