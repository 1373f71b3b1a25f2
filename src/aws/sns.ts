import { unlessAbsent } from './errors.js';
import { allPages, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import { type Tags, tagList, tagsOf } from './tags.js';

const ABSENT = ['NotFoundException', 'NotFound', 'ResourceNotFoundException'];

export interface Topic {
  arn: string;
  policy: string | null;
  kmsKeyId: string | null;
  subscriptionsConfirmed: number;
  subscriptionsPending: number;
}

export interface Subscription {
  /** Null while it waits to be confirmed. */
  arn: string | null;
  confirmed: boolean;
  protocol: string;
  endpoint: string;
}

export function snsReads(session: AwsSession) {
  return {
    topic(arn: string): Promise<Topic | undefined> {
      return session.call('sns', 'sns:GetTopicAttributes', async (client) => {
        const answer = await unlessAbsent(client.getTopicAttributes({ TopicArn: arn }), ...ABSENT);
        const attributes = answer?.Attributes;
        if (!attributes) return undefined;
        return {
          arn,
          policy: attributes.Policy ?? null,
          kmsKeyId: attributes.KmsMasterKeyId ?? null,
          subscriptionsConfirmed: Number(attributes.SubscriptionsConfirmed ?? 0),
          subscriptionsPending: Number(attributes.SubscriptionsPending ?? 0),
        };
      });
    },

    /** None when the topic does not exist. */
    subscriptions(topicArn: string): Promise<Subscription[]> {
      return session.call('sns', 'sns:ListSubscriptionsByTopic', async (client) => {
        const listed = allPages(async (token) => {
          const page = await client.listSubscriptionsByTopic({
            TopicArn: topicArn,
            ...tokenAs('NextToken', token),
          });
          return { items: page.Subscriptions, next: page.NextToken };
        });
        return ((await unlessAbsent(listed, ...ABSENT)) ?? []).map((subscription) => {
          const arn = subscription.SubscriptionArn?.startsWith('arn:') ? subscription.SubscriptionArn : null;
          return {
            arn,
            confirmed: arn !== null,
            protocol: subscription.Protocol ?? '',
            endpoint: subscription.Endpoint ?? '',
          };
        });
      });
    },

    tags(arn: string): Promise<Tags | undefined> {
      return session.call('sns', 'sns:ListTagsForResource', async (client) => {
        const answer = await unlessAbsent(client.listTagsForResource({ ResourceArn: arn }), ...ABSENT);
        return answer && tagsOf(answer.Tags);
      });
    },
  };
}

export function snsWrites(session: AwsSession) {
  return {
    /** For an address that is pending already, AWS sends the confirmation again. */
    async subscribe(topicArn: string, protocol: string, endpoint: string): Promise<void> {
      await session.call('sns', 'sns:Subscribe', (client) =>
        client.subscribe({ TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint }),
      );
    },

    async unsubscribe(subscriptionArn: string): Promise<void> {
      await session.call('sns', 'sns:Unsubscribe', (client) =>
        unlessAbsent(client.unsubscribe({ SubscriptionArn: subscriptionArn }), ...ABSENT),
      );
    },

    async setPolicy(topicArn: string, policy: string): Promise<void> {
      await session.call('sns', 'sns:SetTopicAttributes', (client) =>
        client.setTopicAttributes({ TopicArn: topicArn, AttributeName: 'Policy', AttributeValue: policy }),
      );
    },

    /** Messages are then encrypted by nothing but TLS. */
    async removeKey(topicArn: string): Promise<void> {
      await session.call('sns', 'sns:SetTopicAttributes', (client) =>
        client.setTopicAttributes({
          TopicArn: topicArn,
          AttributeName: 'KmsMasterKeyId',
          AttributeValue: '',
        }),
      );
    },

    async tag(arn: string, tags: Tags): Promise<void> {
      await session.call('sns', 'sns:TagResource', (client) =>
        client.tagResource({ ResourceArn: arn, Tags: tagList(tags) }),
      );
    },
  };
}
