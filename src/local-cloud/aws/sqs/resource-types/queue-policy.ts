import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';

/** `AWS::SQS::QueuePolicy`: one policy document on each of the queues. */
export const queuePolicyType: ResourceType = {
  properties: ['Queues', 'PolicyDocument'],
  required: ['Queues', 'PolicyDocument'],

  async create(properties, context) {
    await apply(properties, context);
    const id = context.generatedName(80);
    return { physicalId: id, attributes: { Id: id } };
  },

  async update(physicalId, next, previous, context) {
    await apply(next, context);
    const kept = queuesOf(next);
    await clear(
      queuesOf(previous).filter((url) => !kept.includes(url)),
      context,
    );
    return { physicalId, attributes: { Id: physicalId } };
  },

  async delete(_physicalId, properties, context) {
    await clear(queuesOf(properties), context);
  },

  async read(_physicalId, properties, context) {
    const live: Properties = {};
    for (const url of queuesOf(properties)) {
      const answer = await context
        .call('sqs', 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['Policy'] })
        .catch(ignoreMissing);
      const policy = answer?.Attributes?.Policy as string | undefined;
      if (policy === undefined) return undefined;
      live.PolicyDocument = JSON.parse(policy);
    }
    return { ...live, Queues: properties.Queues };
  },
};

async function apply(properties: Properties, context: ResourceContext): Promise<void> {
  const policy = properties.PolicyDocument;
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
  for (const url of queuesOf(properties))
    await context.call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: { Policy: text } });
}

async function clear(urls: string[], context: ResourceContext): Promise<void> {
  for (const url of urls)
    await context
      .call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: { Policy: '' } })
      .catch(ignoreMissing);
}

function queuesOf(properties: Properties): string[] {
  return ((properties.Queues ?? []) as unknown[]).map(String);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof AwsError && error.code === 'QueueDoesNotExist') return undefined;
  throw error;
}
