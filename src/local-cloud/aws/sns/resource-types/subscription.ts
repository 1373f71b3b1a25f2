import type { ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';

/** `AWS::SNS::Subscription`. Ref is the ARN, also while it is not confirmed. */
export const subscriptionType: ResourceType = {
  properties: ['TopicArn', 'Protocol', 'Endpoint', 'RawMessageDelivery', 'Region'],
  required: ['TopicArn', 'Protocol'],
  createOnly: ['TopicArn', 'Protocol', 'Endpoint'],

  async create(properties, context) {
    const { SubscriptionArn } = await context.call('sns', 'Subscribe', {
      TopicArn: properties.TopicArn,
      Protocol: properties.Protocol,
      Endpoint: properties.Endpoint,
      ReturnSubscriptionArn: 'true',
      ...(properties.RawMessageDelivery === undefined
        ? {}
        : { Attributes: { RawMessageDelivery: String(properties.RawMessageDelivery) } }),
    });
    return { physicalId: SubscriptionArn as string, attributes: { Arn: SubscriptionArn as string } };
  },

  async update(physicalId, next, _previous, context) {
    await context.call('sns', 'SetSubscriptionAttributes', {
      SubscriptionArn: physicalId,
      AttributeName: 'RawMessageDelivery',
      AttributeValue: String(next.RawMessageDelivery ?? false),
    });
    return { physicalId, attributes: { Arn: physicalId } };
  },

  async delete(physicalId, _properties, context) {
    try {
      await context.call('sns', 'Unsubscribe', { SubscriptionArn: physicalId });
    } catch (error) {
      // AWS cannot delete what nobody confirmed; it goes by itself, or with its topic.
      if (!(error instanceof AwsError) || error.code !== 'InvalidParameter') throw error;
    }
  },

  async read(physicalId, properties, context) {
    try {
      const { Attributes } = await context.call('sns', 'GetSubscriptionAttributes', {
        SubscriptionArn: physicalId,
      });
      return { ...properties, Endpoint: Attributes.entries.Endpoint };
    } catch (error) {
      if (error instanceof AwsError && error.code === 'NotFound') return undefined;
      throw error;
    }
  },
};
