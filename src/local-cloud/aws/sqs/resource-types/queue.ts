import type {
  CreatedResource,
  Properties,
  ResourceContext,
  ResourceType,
} from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';
import { defaultAttributes } from '../attributes.js';

/** Properties that are queue attributes of the same name. */
const ATTRIBUTES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
];

/** `AWS::SQS::Queue`. Ref is the URL. */
export const queueType: ResourceType = {
  properties: ['QueueName', 'Tags', ...ATTRIBUTES],
  createOnly: ['QueueName', 'FifoQueue'],

  async create(properties, context) {
    const name = (properties.QueueName as string | undefined) ?? context.generatedName(80);
    // CreateQueue would silently adopt an equal queue; CloudFormation does not.
    if (properties.QueueName !== undefined && (await exists(name, context)))
      throw new AwsError(
        'AlreadyExists',
        `Resource of type 'AWS::SQS::Queue' with identifier '{"/properties/QueueName":"${name}"}' already exists.`,
      );
    const { QueueUrl } = await context.call('sqs', 'CreateQueue', {
      QueueName: name,
      Attributes: attributesOf(properties),
      tags: tagsOf(properties, context),
    });
    return described(QueueUrl as string, context);
  },

  async update(physicalId, next, previous, context) {
    const attributes = attributesOf(next);
    for (const name of ATTRIBUTES)
      if (previous[name] !== undefined && next[name] === undefined) attributes[name] = initial(name);
    await context.call('sqs', 'SetQueueAttributes', { QueueUrl: physicalId, Attributes: attributes });
    await retag(physicalId, tagsOf(next, context), context);
    return described(physicalId, context);
  },

  async delete(physicalId, _properties, context) {
    await context.call('sqs', 'DeleteQueue', { QueueUrl: physicalId }).catch(ignoreMissing);
  },

  async read(physicalId, properties, context) {
    const answer = await context
      .call('sqs', 'GetQueueAttributes', { QueueUrl: physicalId, AttributeNames: ['All'] })
      .catch(ignoreMissing);
    if (!answer) return undefined;
    const live: Properties = {};
    for (const name of Object.keys(properties)) {
      if (ATTRIBUTES.includes(name)) live[name] = inShapeOf(properties[name], answer.Attributes[name]);
      if (name === 'QueueName') live[name] = String(answer.Attributes.QueueArn).split(':').at(-1);
      if (name === 'Tags') live[name] = await ownTags(physicalId, properties, context);
    }
    return live;
  },
};

async function exists(name: string, context: ResourceContext): Promise<boolean> {
  return (await context.call('sqs', 'GetQueueUrl', { QueueName: name }).catch(ignoreMissing)) !== undefined;
}

async function described(url: string, context: ResourceContext): Promise<CreatedResource> {
  const { Attributes } = await context.call('sqs', 'GetQueueAttributes', {
    QueueUrl: url,
    AttributeNames: ['QueueArn'],
  });
  const arn = String(Attributes.QueueArn);
  return {
    physicalId: url,
    attributes: { Arn: arn, QueueName: arn.split(':').at(-1) as string, QueueUrl: url },
  };
}

function attributesOf(properties: Properties): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of ATTRIBUTES) {
    const value = properties[name];
    if (value !== undefined)
      attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return attributes;
}

/** What an attribute goes back to when a template no longer states it. */
function initial(name: string): string {
  return defaultAttributes()[name] ?? '';
}

function tagsOf(properties: Properties, context: ResourceContext): Record<string, string> {
  const own = (properties.Tags ?? []) as { Key: string; Value: string }[];
  return { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, String(Value)])) };
}

async function retag(url: string, wanted: Record<string, string>, context: ResourceContext): Promise<void> {
  const current = ((await context.call('sqs', 'ListQueueTags', { QueueUrl: url })).Tags ?? {}) as Record<
    string,
    string
  >;
  const gone = Object.keys(current).filter((key) => !(key in wanted));
  const changed = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => current[key] !== value));
  if (gone.length > 0) await context.call('sqs', 'UntagQueue', { QueueUrl: url, TagKeys: gone });
  if (Object.keys(changed).length > 0)
    await context.call('sqs', 'TagQueue', { QueueUrl: url, Tags: changed });
}

/** The live tags without those that the stack itself puts on, unless the template states them too. */
async function ownTags(url: string, properties: Properties, context: ResourceContext): Promise<Tag[]> {
  const tags = (await context.call('sqs', 'ListQueueTags', { QueueUrl: url })).Tags ?? {};
  const stated = new Set((properties.Tags as Tag[]).map(({ Key }) => Key));
  return Object.entries(tags as Record<string, string>)
    .filter(([key]) => stated.has(key) || !(key in context.tags))
    .map(([Key, Value]) => ({ Key, Value }));
}

interface Tag {
  Key: string;
  Value: string;
}

/** The live text, written as the template writes the value: number, boolean, object or text. */
function inShapeOf(stated: unknown, live: string | undefined): unknown {
  if (live === undefined) return undefined;
  if (typeof stated === 'number') return Number(live);
  if (typeof stated === 'boolean') return live === 'true';
  if (typeof stated === 'object') return JSON.parse(live);
  return live;
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof AwsError && error.code === 'QueueDoesNotExist') return undefined;
  throw error;
}
