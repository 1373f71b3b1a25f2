import { isDeepStrictEqual } from 'node:util';
import { ACCOUNT } from '../../../kernel/cloud.js';
import { XmlMap } from '../../../kernel/protocols/xml.js';
import { AwsError, type Call, type Operation } from '../../../kernel/service.js';
import type { Topic } from '../records.js';
import { defaultPolicy, type Topics } from '../topics.js';

const PAGE = 100;
/** AWS's own retries to HTTP endpoints, as GetTopicAttributes shows them. */
const EFFECTIVE_DELIVERY_POLICY = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
});
const SETTABLE = [
  'DisplayName',
  'Policy',
  'KmsMasterKeyId',
  'DeliveryPolicy',
  'TracingConfig',
  'SignatureVersion',
];

interface Tag {
  Key: string;
  Value: string;
}

const onTopic = (input: { TopicArn?: string; ResourceArn?: string }) =>
  input.TopicArn ?? input.ResourceArn ?? '*';
const named = (input: { Name?: string }, call: Call) =>
  `arn:aws:sns:${call.region}:${ACCOUNT}:${input.Name ?? ''}`;

export function topicOperations(topics: Topics): Record<string, Operation> {
  return {
    CreateTopic: {
      resource: named,
      handle: (input, call) => ({ TopicArn: create(topics, input, call).arn }),
    },
    DeleteTopic: {
      resource: onTopic,
      handle: ({ TopicArn }: { TopicArn: string }) => {
        topics.topics.delete(TopicArn);
        for (const one of topics.subscriptions()) if (one.topicArn === TopicArn) topics.forget(one);
      },
    },
    ListTopics: {
      handle: ({ NextToken }: { NextToken?: string }, call) => {
        const arns = topics.topics
          .keys()
          .filter((arn) => arn.split(':')[3] === call.region)
          .sort();
        const start = NextToken ? Number(NextToken) : 0;
        const page = arns.slice(start, start + PAGE).map((TopicArn) => ({ TopicArn }));
        return { Topics: page, ...(start + PAGE < arns.length ? { NextToken: String(start + PAGE) } : {}) };
      },
    },
    GetTopicAttributes: {
      resource: onTopic,
      handle: ({ TopicArn }: { TopicArn: string }) => ({
        Attributes: new XmlMap(attributesOf(topics, topics.topic(TopicArn))),
      }),
    },
    SetTopicAttributes: {
      resource: onTopic,
      handle: (input: { TopicArn: string; AttributeName: string; AttributeValue?: string }) => {
        topics.topics.set(
          input.TopicArn,
          withAttribute(topics.topic(input.TopicArn), input.AttributeName, input.AttributeValue ?? ''),
        );
      },
    },
    TagResource: {
      resource: onTopic,
      handle: ({ ResourceArn, Tags }: { ResourceArn: string; Tags: Tag[] }) => {
        const topic = topics.topic(ResourceArn);
        topics.topics.set(ResourceArn, { ...topic, tags: { ...topic.tags, ...record(Tags) } });
      },
    },
    UntagResource: {
      resource: onTopic,
      handle: ({ ResourceArn, TagKeys }: { ResourceArn: string; TagKeys: string[] }) => {
        const topic = topics.topic(ResourceArn);
        const tags = Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !TagKeys.includes(key)));
        topics.topics.set(ResourceArn, { ...topic, tags });
      },
    },
    ListTagsForResource: {
      resource: onTopic,
      handle: ({ ResourceArn }: { ResourceArn: string }) => ({
        Tags: Object.entries(topics.topic(ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  };
}

function create(
  topics: Topics,
  input: { Name?: string; Attributes?: Record<string, string>; Tags?: Tag[] },
  call: Call,
): Topic {
  const name = input.Name ?? '';
  if (name.endsWith('.fifo'))
    throw new AwsError('InvalidParameter', 'Invalid parameter: the local cloud has no FIFO topics');
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name))
    throw new AwsError('InvalidParameter', 'Invalid parameter: Topic Name');
  const arn = named(input, call);
  const existing = topics.topics.get(arn);
  if (existing) {
    const tags = input.Tags && record(input.Tags);
    if (tags && !isDeepStrictEqual(tags, existing.tags))
      throw new AwsError(
        'InvalidParameter',
        'Invalid parameter: Tags Reason: Topic already exists with different tags',
      );
    return existing;
  }
  const empty: Topic = {
    arn,
    name,
    region: call.region,
    displayName: '',
    policy: defaultPolicy(arn),
    kmsKey: '',
    tags: record(input.Tags ?? []),
  };
  const topic = Object.entries(input.Attributes ?? {}).reduce(
    (made, [key, value]) => withAttribute(made, key, value),
    empty,
  );
  return topics.topics.set(arn, topic);
}

function withAttribute(topic: Topic, name: string, value: string): Topic {
  if (!SETTABLE.includes(name)) throw new AwsError('InvalidParameter', 'Invalid parameter: AttributeName');
  if (name === 'DisplayName') return { ...topic, displayName: value };
  if (name === 'KmsMasterKeyId') return { ...topic, kmsKey: value };
  if (name !== 'Policy') return topic;
  if (value === '') return { ...topic, policy: defaultPolicy(topic.arn) };
  try {
    JSON.parse(value);
  } catch {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Policy Error: null');
  }
  return { ...topic, policy: value };
}

function attributesOf(topics: Topics, topic: Topic): Record<string, string> {
  const subscriptions = topics.subscriptions().filter((one) => one.topicArn === topic.arn);
  return {
    TopicArn: topic.arn,
    Owner: ACCOUNT,
    DisplayName: topic.displayName,
    Policy: topic.policy,
    ...(topic.kmsKey ? { KmsMasterKeyId: topic.kmsKey } : {}),
    SubscriptionsConfirmed: String(subscriptions.filter((one) => !one.pending).length),
    SubscriptionsPending: String(subscriptions.filter((one) => one.pending).length),
    SubscriptionsDeleted: '0',
    EffectiveDeliveryPolicy: EFFECTIVE_DELIVERY_POLICY,
  };
}

function record(tags: Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
