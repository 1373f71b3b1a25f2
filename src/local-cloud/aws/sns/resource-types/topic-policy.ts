import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';

/** `AWS::SNS::TopicPolicy`: one policy document on each of the topics. */
export const topicPolicyType: ResourceType = {
  properties: ['Topics', 'PolicyDocument'],
  required: ['Topics', 'PolicyDocument'],

  async create(properties, context) {
    const id = context.generatedName(80);
    await apply(topicsOf(properties), textOf(properties), context);
    return { physicalId: id, attributes: { Id: id } };
  },

  async update(physicalId, next, previous, context) {
    await apply(topicsOf(next), textOf(next), context);
    const kept = topicsOf(next);
    await apply(
      topicsOf(previous).filter((arn) => !kept.includes(arn)),
      '',
      context,
    );
    return { physicalId, attributes: { Id: physicalId } };
  },

  async delete(_physicalId, properties, context) {
    await apply(topicsOf(properties), '', context);
  },

  async read(_physicalId, properties, context) {
    const [arn] = topicsOf(properties);
    const { Attributes } = await context.call('sns', 'GetTopicAttributes', { TopicArn: arn });
    return { ...properties, PolicyDocument: JSON.parse(Attributes.entries.Policy as string) };
  },
};

async function apply(arns: string[], policy: string, context: ResourceContext): Promise<void> {
  for (const TopicArn of arns) {
    try {
      await context.call('sns', 'SetTopicAttributes', {
        TopicArn,
        AttributeName: 'Policy',
        AttributeValue: policy,
      });
    } catch (error) {
      // Removing a policy from a topic that is gone is done.
      if (policy !== '' || !(error instanceof AwsError) || error.code !== 'NotFound') throw error;
    }
  }
}

function topicsOf(properties: Properties): string[] {
  return ((properties.Topics ?? []) as unknown[]).map(String);
}

function textOf({ PolicyDocument }: Properties): string {
  return typeof PolicyDocument === 'string' ? PolicyDocument : JSON.stringify(PolicyDocument);
}
