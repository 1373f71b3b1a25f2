import { randomUUID } from 'node:crypto';
import { ACCOUNT } from '../../kernel/cloud.js';
import { AwsError, type Principal } from '../../kernel/service.js';
import { passes } from './filter-policy.js';
import { type MessageAttributes, shownAttributes } from './message-attributes.js';
import type { Subscription, Topic } from './records.js';
import type { Topics } from './topics.js';

const MAXIMUM_BYTES = 262_144;

export interface Publication {
  topicArn: string;
  subject: string;
  message: string;
  /** Other texts for some protocols. */
  byProtocol?: Record<string, string>;
  attributes?: MessageAttributes;
  principal: Principal;
  sourceArn?: string;
}

/** Delivers to every confirmed subscription that wants it. Throws `AuthorizationError` when the topic's policy refuses, `NotFound`. */
export function publish(topics: Topics, publication: Publication): string {
  const topic = topics.topic(publication.topicArn);
  authorise(topics, topic, publication);
  if (Buffer.byteLength(publication.message) > MAXIMUM_BYTES)
    throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
  const messageId = randomUUID();
  for (const subscription of topics.subscriptions()) {
    if (subscription.topicArn !== topic.arn || subscription.pending) continue;
    if (passes(subscription, publication.message, publication.attributes ?? {}))
      deliver(topics, subscription, forProtocol(publication, subscription.protocol), messageId);
    else count(topics, topic, 'NumberOfNotificationsFilteredOut');
  }
  count(topics, topic, 'NumberOfMessagesPublished');
  return messageId;
}

function forProtocol(publication: Publication, protocol: string): Publication {
  const { byProtocol = {}, message } = publication;
  return {
    ...publication,
    message: Object.hasOwn(byProtocol, protocol) ? (byProtocol[protocol] as string) : message,
  };
}

function authorise({ cloud }: Topics, topic: Topic, { principal, sourceArn }: Publication): void {
  // The AWS-managed key's policy does not let services use it: an alarm's message is lost (FACTS-AWS §3).
  if (principal.kind === 'service' && topic.kmsKey === 'alias/aws/sns')
    throw new AwsError('KMSAccessDenied', `${principal.service} may not use the key alias/aws/sns.`, 400);
  const allowed = cloud.port('iam').allows({
    principal,
    action: 'sns:Publish',
    resource: topic.arn,
    resourcePolicy: topic.policy,
    context: {
      'aws:SourceAccount': ACCOUNT,
      'aws:SourceOwner': ACCOUNT,
      ...(sourceArn ? { 'aws:SourceArn': sourceArn } : {}),
    },
  });
  if (allowed) return;
  const who = principal.kind === 'service' ? principal.service : principal.arn;
  throw new AwsError(
    'AuthorizationError',
    `User: ${who} is not authorized to perform: SNS:Publish on resource: ${topic.arn}`,
    403,
  );
}

function deliver(
  topics: Topics,
  subscription: Subscription,
  publication: Publication,
  messageId: string,
): void {
  const { cloud } = topics;
  const envelope = notification(cloud.clock.iso(), publication, messageId);
  switch (subscription.protocol) {
    case 'email':
    case 'email-json':
      topics.mail({
        to: subscription.endpoint,
        subject: publication.subject || 'AWS Notification Message',
        body: publication.message,
        topicArn: publication.topicArn,
        token: null,
      });
      cloud.tell('sns', `mailed "${publication.subject}"`);
      return;
    case 'sqs':
      quietly(topics, subscription, () =>
        cloud.port('sqs').send({
          queueArn: subscription.endpoint,
          ...(subscription.rawDelivery
            ? { body: publication.message, attributes: publication.attributes ?? {} }
            : { body: envelope }),
          principal: { kind: 'service', service: 'sns.amazonaws.com' },
          sourceArn: publication.topicArn,
        }),
      );
      return;
    case 'lambda':
      quietly(topics, subscription, () =>
        cloud.port('lambda').invokeAsync({
          functionArn: subscription.endpoint,
          payload: JSON.stringify({
            Records: [
              {
                EventSource: 'aws:sns',
                EventVersion: '1.0',
                EventSubscriptionArn: subscription.arn,
                Sns: { MessageAttributes: {}, ...(JSON.parse(envelope) as object) },
              },
            ],
          }),
          principal: { kind: 'service', service: 'sns.amazonaws.com' },
          sourceArn: publication.topicArn,
        }),
      );
      return;
    default:
      void fetch(subscription.endpoint, {
        method: 'POST',
        body: envelope,
        headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
      }).catch(() => failed(topics, subscription));
  }
}

/** A delivery that fails is not the publisher's error: only a metric shows it. */
function quietly(topics: Topics, subscription: Subscription, send: () => void): void {
  try {
    send();
  } catch {
    failed(topics, subscription);
  }
}

function failed(topics: Topics, subscription: Subscription): void {
  const topic = topics.topics.get(subscription.topicArn);
  if (topic) count(topics, topic, 'NumberOfNotificationsFailed');
}

function count({ cloud }: Topics, { region, name }: Topic, metric: string): void {
  cloud.port('metrics').put(region, 'AWS/SNS', metric, 1, { TopicName: name });
}

function notification(
  time: string,
  { topicArn, subject, message, attributes = {} }: Publication,
  messageId: string,
): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject ? { Subject: subject } : {}),
    Message: message,
    Timestamp: time,
    SignatureVersion: '1',
    ...(Object.keys(attributes).length > 0 ? { MessageAttributes: shownAttributes(attributes) } : {}),
  });
}
