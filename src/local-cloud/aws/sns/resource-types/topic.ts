import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';

interface InlineSubscription {
  Protocol: string;
  Endpoint: string;
}

/** `AWS::SNS::Topic`. Ref is the ARN. */
export const topicType: ResourceType = {
  properties: [
    'TopicName',
    'DisplayName',
    'KmsMasterKeyId',
    'Subscription',
    'Tags',
    'TracingConfig',
    'SignatureVersion',
  ],
  createOnly: ['TopicName'],

  async create(properties, context) {
    const name = (properties.TopicName as string | undefined) ?? context.generatedName(256);
    const arn = `arn:aws:sns:${context.region}:${context.account}:${name}`;
    if (properties.TopicName !== undefined && (await exists(arn, context)))
      throw new AwsError(
        'AlreadyExists',
        `Resource of type 'AWS::SNS::Topic' with identifier '{"/properties/TopicArn":"${arn}"}' already exists.`,
      );
    await context.call('sns', 'CreateTopic', {
      Name: name,
      Attributes: attributesOf(properties),
      Tags: tagsOf(properties, context),
    });
    await subscribeAll(arn, properties, context);
    return described(arn, name);
  },

  async update(physicalId, next, previous, context) {
    for (const name of ['DisplayName', 'KmsMasterKeyId'])
      if (next[name] !== previous[name])
        await context.call('sns', 'SetTopicAttributes', {
          TopicArn: physicalId,
          AttributeName: name,
          AttributeValue: String(next[name] ?? ''),
        });
    await context.call('sns', 'TagResource', { ResourceArn: physicalId, Tags: tagsOf(next, context) });
    await subscribeAll(physicalId, next, context);
    return described(physicalId, physicalId.split(':').at(-1) as string);
  },

  async delete(physicalId, _properties, context) {
    await context.call('sns', 'DeleteTopic', { TopicArn: physicalId });
  },

  async read(physicalId, properties, context) {
    const attributes = await attributesLive(physicalId, context);
    if (!attributes) return undefined;
    const live: Properties = { ...properties };
    for (const name of ['DisplayName', 'KmsMasterKeyId'])
      if (properties[name] !== undefined) live[name] = attributes[name] ?? '';
    return live;
  },
};

function described(arn: string, name: string) {
  return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
}

async function exists(arn: string, context: ResourceContext): Promise<boolean> {
  return (await attributesLive(arn, context)) !== undefined;
}

async function attributesLive(
  arn: string,
  context: ResourceContext,
): Promise<Record<string, string> | undefined> {
  try {
    const { Attributes } = await context.call('sns', 'GetTopicAttributes', { TopicArn: arn });
    return Attributes.entries as Record<string, string>;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

async function subscribeAll(arn: string, properties: Properties, context: ResourceContext): Promise<void> {
  for (const { Protocol, Endpoint } of (properties.Subscription ?? []) as InlineSubscription[])
    await context.call('sns', 'Subscribe', { TopicArn: arn, Protocol, Endpoint });
}

function attributesOf(properties: Properties): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of ['DisplayName', 'KmsMasterKeyId'])
    if (properties[name] !== undefined) attributes[name] = String(properties[name]);
  return attributes;
}

function tagsOf(properties: Properties, context: ResourceContext): { Key: string; Value: string }[] {
  const own = (properties.Tags ?? []) as { Key: string; Value: string }[];
  const merged = { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, Value])) };
  return Object.entries(merged).map(([Key, Value]) => ({ Key, Value }));
}
