import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:orders';

let cloud: TestCloud;
let sns: SNSClient;
let sqs: SQSClient;
let TopicArn: string;
let QueueUrl: string;
beforeEach(async () => {
  cloud = await startTestCloud();
  sns = new SNSClient(cloud.client);
  sqs = new SQSClient(cloud.client);
  TopicArn = (await sns.send(new CreateTopicCommand({ Name: 'orders' }))).TopicArn as string;
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }))).QueueUrl as string;
  const allow = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: QUEUE };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
});
afterEach(() => cloud.close());

const subscribe = async (Attributes: Record<string, string>) =>
  (await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE, Attributes })))
    .SubscriptionArn as string;
const attributes = (kind: string, amount: number) => ({
  kind: { DataType: 'String', StringValue: kind },
  amount: { DataType: 'Number', StringValue: String(amount) },
});
const received = async (): Promise<Message[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  return Messages;
};
const bodies = async () => (await received()).map(({ Body }) => Body).sort();

describe('a topic', () => {
  const wrong: [string, object, string][] = [
    ['an empty subject', { Message: 'm', Subject: '' }, 'Invalid parameter: Subject'],
    ['a subject of two lines', { Message: 'm', Subject: 'a\nb' }, 'Invalid parameter: Subject'],
    ['a subject of 101 characters', { Message: 'm', Subject: 'x'.repeat(101) }, 'Invalid parameter: Subject'],
    [
      'a structure without default',
      { Message: '{"sqs":"m"}', MessageStructure: 'json' },
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    ],
    [
      'a structure that is not JSON',
      { Message: 'm', MessageStructure: 'json' },
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    ],
  ];
  it.each(wrong)('refuses %s, alone and in a batch', async (_what, entry, message) => {
    const input = entry as { Message: string };
    await expect(sns.send(new PublishCommand({ TopicArn, ...input }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message,
    });
    const { Failed } = await sns.send(
      new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [{ Id: '1', ...input }] }),
    );
    expect(Failed).toMatchObject([{ Id: '1', Code: 'InvalidParameter', Message: message }]);
  });

  it('sends each protocol the text that is its own', async () => {
    await subscribe({ RawMessageDelivery: 'true' });
    for (const texts of [
      { default: 'for all', sqs: 'for queues' },
      { default: 'for all', email: 'for mail' },
    ])
      await sns.send(
        new PublishCommand({
          TopicArn,
          Message: JSON.stringify(texts),
          MessageStructure: 'json',
          Subject: 's',
        }),
      );
    const texts = [...(await bodies()), ...(await bodies())].sort();
    expect(texts).toEqual(['for all', 'for queues']);
  });

  it('is the same again with the same tags, and refused with others', async () => {
    const create = (Value?: string) =>
      sns.send(new CreateTopicCommand({ Name: 'tagged', ...(Value ? { Tags: [{ Key: 'a', Value }] } : {}) }));
    const { TopicArn: arn } = await create('1');
    expect((await create('1')).TopicArn).toBe(arn);
    expect((await create()).TopicArn).toBe(arn);
    await expect(create('2')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Tags Reason: Topic already exists with different tags',
    });
  });

  it('carries attributes in the notification, and as attributes where it is delivered raw', async () => {
    const arn = await subscribe({});
    await sns.send(
      new PublishCommand({ TopicArn, Message: 'first', MessageAttributes: attributes('paid', 7) }),
    );
    expect(JSON.parse((await received())[0]?.Body ?? '')).toMatchObject({
      Message: 'first',
      MessageAttributes: { kind: { Type: 'String', Value: 'paid' }, amount: { Type: 'Number', Value: '7' } },
    });
    const raw = { AttributeName: 'RawMessageDelivery', AttributeValue: 'true' };
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, ...raw }));
    await sns.send(
      new PublishCommand({ TopicArn, Message: 'second', MessageAttributes: attributes('paid', 8) }),
    );
    expect((await received())[0]).toMatchObject({
      Body: 'second',
      MessageAttributes: { amount: { DataType: 'Number', StringValue: '8' } },
    });
  });

  it('delivers only what the filter policy lets through', async () => {
    const FilterPolicy = JSON.stringify({
      kind: ['paid', { prefix: 're' }],
      amount: [{ numeric: ['>=', 10] }],
    });
    await subscribe({ RawMessageDelivery: 'true', FilterPolicy });
    const entries = { paid: 10, refunded: 12, cheap: 50, free: 0 };
    await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: Object.entries(entries).map(([kind, amount]) => ({
          Id: kind,
          Message: kind,
          MessageAttributes: attributes(kind, amount),
        })),
      }),
    );
    await sns.send(new PublishCommand({ TopicArn, Message: 'without attributes' }));
    expect(await bodies()).toEqual(['paid', 'refunded']);
  });

  it('looks into the message where the policy is about its body', async () => {
    const FilterPolicy = JSON.stringify({ order: { state: ['paid'] } });
    await subscribe({ FilterPolicy, FilterPolicyScope: 'MessageBody', RawMessageDelivery: 'true' });
    for (const Message of ['{"order":{"state":"paid"}}', '{"order":{"state":"open"}}', 'no json'])
      await sns.send(new PublishCommand({ TopicArn, Message }));
    expect(await bodies()).toEqual(['{"order":{"state":"paid"}}']);
  });

  it.each([
    ['{', 'FilterPolicy'],
    ['{"kind":"paid"}', 'must be an object or an array'],
    ['{"order":{"state":["paid"]}}', 'does not support nested filter policy'],
  ])('refuses the filter policy %s', async (FilterPolicy, message) => {
    await expect(subscribe({ FilterPolicy })).rejects.toThrow(message);
  });
});
