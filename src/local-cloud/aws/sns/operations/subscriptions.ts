import { ACCOUNT } from '../../../kernel/cloud.js';
import { XmlMap } from '../../../kernel/protocols/xml.js';
import { AwsError, type Operation } from '../../../kernel/service.js';
import { checkFilterPolicy } from '../filter-policy.js';
import type { Subscription } from '../records.js';
import type { Topics } from '../topics.js';

const PROTOCOLS = ['email', 'email-json', 'sqs', 'lambda', 'http', 'https'];
const PENDING = 'PendingConfirmation';
const PAGE = 100;

/** A subscription's ARN stands for its topic when permissions are looked up. */
const topicOf = ({ SubscriptionArn }: { SubscriptionArn?: string }) =>
  (SubscriptionArn ?? '*').split(':').slice(0, 6).join(':');
const onTopic = ({ TopicArn }: { TopicArn?: string }) => TopicArn ?? '*';

export function subscriptionOperations(topics: Topics): Record<string, Operation> {
  return {
    Subscribe: {
      resource: onTopic,
      handle: (input: {
        TopicArn: string;
        Protocol: string;
        Endpoint?: string;
        ReturnSubscriptionArn?: string;
        Attributes?: Record<string, string>;
      }) => {
        topics.topic(input.TopicArn);
        checkEndpoint(input.Protocol, input.Endpoint ?? '');
        let made = topics.subscribe(input.TopicArn, input.Protocol, input.Endpoint ?? '');
        // The scope first: it says how the policy is to be read.
        const attributes = Object.entries(input.Attributes ?? {}).sort(([a], [b]) => (a > b ? -1 : 1));
        for (const [name, value] of attributes) made = withAttribute(made, name, value);
        topics.keep(made);
        // AWS hides the ARN of what is not confirmed, unless it is asked for.
        return {
          SubscriptionArn:
            made.pending && input.ReturnSubscriptionArn !== 'true' ? 'pending confirmation' : made.arn,
        };
      },
    },
    ConfirmSubscription: {
      resource: onTopic,
      handle: ({ TopicArn, Token }: { TopicArn: string; Token: string }) => ({
        SubscriptionArn: topics.confirm(TopicArn, Token).arn,
      }),
    },
    Unsubscribe: {
      resource: topicOf,
      handle: ({ SubscriptionArn }: { SubscriptionArn: string }) => {
        if (!/:[0-9a-f-]{36}$/.test(SubscriptionArn))
          throw new AwsError('InvalidParameter', 'Invalid parameter: SubscriptionArn');
        const found = topics.subscriptions().find((one) => one.arn === SubscriptionArn);
        if (found?.pending)
          throw new AwsError(
            'InvalidParameter',
            'Invalid parameter: This operation can only be performed on confirmed subscriptions',
          );
        if (found) topics.forget(found);
      },
    },
    ListSubscriptions: {
      handle: ({ NextToken }: { NextToken?: string }, call) =>
        page(
          topics.subscriptions().filter((one) => one.topicArn.split(':')[3] === call.region),
          NextToken,
        ),
    },
    ListSubscriptionsByTopic: {
      resource: onTopic,
      handle: ({ TopicArn, NextToken }: { TopicArn: string; NextToken?: string }) => {
        topics.topic(TopicArn);
        return page(
          topics.subscriptions().filter((one) => one.topicArn === TopicArn),
          NextToken,
        );
      },
    },
    GetSubscriptionAttributes: {
      resource: topicOf,
      handle: ({ SubscriptionArn }: { SubscriptionArn: string }) => {
        const one = topics.subscription(SubscriptionArn);
        return {
          Attributes: new XmlMap({
            SubscriptionArn: one.arn,
            TopicArn: one.topicArn,
            Owner: ACCOUNT,
            Protocol: one.protocol,
            Endpoint: one.endpoint,
            RawMessageDelivery: String(one.rawDelivery),
            PendingConfirmation: String(one.pending),
            ConfirmationWasAuthenticated: String(!one.protocol.startsWith('email')),
            ...(one.filterPolicy
              ? {
                  FilterPolicy: one.filterPolicy,
                  FilterPolicyScope: one.filterPolicyScope ?? 'MessageAttributes',
                }
              : {}),
          }),
        };
      },
    },
    SetSubscriptionAttributes: {
      resource: topicOf,
      handle: (input: { SubscriptionArn: string; AttributeName: string; AttributeValue?: string }) => {
        topics.keep(
          withAttribute(
            topics.subscription(input.SubscriptionArn),
            input.AttributeName,
            input.AttributeValue ?? '',
          ),
        );
      },
    },
  };
}

function checkEndpoint(protocol: string, endpoint: string): void {
  if (!PROTOCOLS.includes(protocol))
    throw new AwsError(
      'InvalidParameter',
      `Invalid parameter: Does not support this protocol string: ${protocol}`,
    );
  const valid = protocol.startsWith('email')
    ? /^\S+@\S+$/.test(endpoint)
    : protocol.startsWith('http')
      ? URL.canParse(endpoint)
      : endpoint.startsWith(`arn:aws:${protocol}:`);
  if (!valid)
    throw new AwsError(
      'InvalidParameter',
      `Invalid parameter: ${protocol.startsWith('email') ? 'Email address' : 'Endpoint'}`,
    );
}

function withAttribute(subscription: Subscription, name: string, value: string): Subscription {
  if (name === 'RawMessageDelivery') return { ...subscription, rawDelivery: value === 'true' };
  if (name === 'FilterPolicy' || name === 'FilterPolicyScope') {
    const next = { ...subscription, ...filterAttribute(name, value) };
    checkFilterPolicy(next.filterPolicy, next.filterPolicyScope);
    return next;
  }
  throw new AwsError(
    'InvalidParameter',
    `Invalid parameter: the local cloud does not support the subscription attribute ${name}`,
  );
}

function filterAttribute(name: string, value: string): Partial<Subscription> {
  if (name === 'FilterPolicy') return { filterPolicy: value };
  if (value !== 'MessageAttributes' && value !== 'MessageBody')
    throw new AwsError('InvalidParameter', `Invalid parameter: FilterPolicyScope: Invalid value [${value}]`);
  return { filterPolicyScope: value };
}

function page(found: Subscription[], token: string | undefined) {
  const start = token ? Number(token) : 0;
  const sorted = [...found].sort((a, b) => a.created - b.created || a.arn.localeCompare(b.arn));
  return {
    Subscriptions: sorted.slice(start, start + PAGE).map((one) => ({
      SubscriptionArn: one.pending ? PENDING : one.arn,
      Owner: ACCOUNT,
      Protocol: one.protocol,
      Endpoint: one.endpoint,
      TopicArn: one.topicArn,
    })),
    ...(start + PAGE < sorted.length ? { NextToken: String(start + PAGE) } : {}),
  };
}
