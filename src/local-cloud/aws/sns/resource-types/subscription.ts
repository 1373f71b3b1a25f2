import type { ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';

/** What an attribute is when the template no longer names it. */
const UNSET: [string, string][] = [
  ['FilterPolicy', ''],
  ['FilterPolicyScope', 'MessageAttributes'],
  ['RawMessageDelivery', 'false'],
];

/** `AWS::SNS::Subscription`. Ref is the ARN, also while it is not confirmed. */
export const subscriptionType: ResourceType = {
  properties: [
    'TopicArn',
    'Protocol',
    'Endpoint',
    'RawMessageDelivery',
    'Region',
    'FilterPolicy',
    'FilterPolicyScope',
  ],
  required: ['TopicArn', 'Protocol'],
  createOnly: ['TopicArn', 'Protocol', 'Endpoint'],

  async create(properties, context) {
    const { SubscriptionArn } = await context.call('sns', 'Subscribe', {
      TopicArn: properties.TopicArn,
      Protocol: properties.Protocol,
      Endpoint: properties.Endpoint,
      ReturnSubscriptionArn: 'true',
      Attributes: Object.fromEntries(attributesOf(properties)),
    });
    return { physicalId: SubscriptionArn as string, attributes: { Arn: SubscriptionArn as string } };
  },

  async update(physicalId, next, previous, context) {
    const before = new Map(attributesOf(previous));
    for (const [AttributeName, AttributeValue] of [
      ...UNSET.filter(([name]) => before.has(name)),
      ...attributesOf(next),
    ])
      await context.call('sns', 'SetSubscriptionAttributes', {
        SubscriptionArn: physicalId,
        AttributeName,
        AttributeValue,
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

/** The attributes that the properties ask for: the scope before the policy, which it says how to read. */
function attributesOf(properties: Record<string, unknown>): [string, string][] {
  const { FilterPolicyScope, FilterPolicy, RawMessageDelivery } = properties;
  const wanted: [string, unknown][] = [
    ['FilterPolicyScope', FilterPolicyScope],
    ['FilterPolicy', typeof FilterPolicy === 'object' ? JSON.stringify(FilterPolicy) : FilterPolicy],
    ['RawMessageDelivery', RawMessageDelivery],
  ];
  return wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}
