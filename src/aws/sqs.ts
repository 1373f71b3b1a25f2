import { nameOf } from './arn.js';
import { unlessAbsent } from './errors.js';
import { allPages, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import type { Tags } from './tags.js';

export const QUEUE_ABSENT = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];
/** SQS gives at most so many messages at once. */
const MOST_MESSAGES = 10;

export interface Queue {
  url: string;
  arn: string;
  name: string;
  /** Waiting, in flight and delayed: approximate, as SQS says itself. */
  visible: number;
  inFlight: number;
  delayed: number;
  retentionSeconds: number;
  visibilityTimeoutSeconds: number;
  encryption: 'sqs' | 'kms' | 'none';
  kmsKeyId: string | null;
  /** JSON text. */
  policy: string | null;
  /** JSON text. */
  redrivePolicy: string | null;
  /** JSON text: which other queues may name this one as their dead-letter queue; null: any of the account. */
  redriveAllowPolicy: string | null;
  /** Epoch milliseconds of the last change of any attribute, in whole seconds; null: SQS did not say. */
  modifiedAt: number | null;
}

export interface QueueMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  sentAt: string | null;
  receiveCount: number;
  /** Message attributes by name, as text. */
  attributes: Record<string, string>;
}

interface SdkMessage {
  MessageId?: string | undefined;
  ReceiptHandle?: string | undefined;
  Body?: string | undefined;
  Attributes?: Partial<Record<string, string>> | undefined;
  MessageAttributes?: Record<string, { StringValue?: string | undefined }> | undefined;
}

export function readMessage(message: SdkMessage): QueueMessage {
  const sent = message.Attributes?.SentTimestamp;
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    sentAt: sent ? new Date(Number(sent)).toISOString() : null,
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 0),
    attributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, value.StringValue ?? '']),
    ),
  };
}

export function sqsReads(session: AwsSession) {
  return {
    /** The URL of a queue by its name, or undefined. */
    queueUrl(name: string): Promise<string | undefined> {
      return session.call('sqs', 'sqs:GetQueueUrl', async (client) => {
        const answer = await unlessAbsent(client.getQueueUrl({ QueueName: name }), ...QUEUE_ABSENT);
        return answer?.QueueUrl;
      });
    },

    listQueueUrls(namePrefix: string): Promise<string[]> {
      return session.call('sqs', 'sqs:ListQueues', (client) =>
        allPages(async (token) => {
          const page = await client.listQueues({
            ...(namePrefix ? { QueueNamePrefix: namePrefix } : {}),
            MaxResults: 1000,
            ...tokenAs('NextToken', token),
          });
          return { items: page.QueueUrls, next: page.NextToken };
        }),
      );
    },

    queue(url: string): Promise<Queue | undefined> {
      return session.call('sqs', 'sqs:GetQueueAttributes', async (client) => {
        const answer = await unlessAbsent(
          client.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] }),
          ...QUEUE_ABSENT,
        );
        return answer && readQueue(url, answer.Attributes ?? {});
      });
    },

    tags(url: string): Promise<Tags | undefined> {
      return session.call('sqs', 'sqs:ListQueueTags', async (client) => {
        const answer = await unlessAbsent(client.listQueueTags({ QueueUrl: url }), ...QUEUE_ABSENT);
        return answer && (answer.Tags ?? {});
      });
    },

    /**
     * At most ten messages, to see what and why. They stay visible to everybody; only their receive count rises.
     */
    sample(url: string, most = MOST_MESSAGES): Promise<QueueMessage[]> {
      return session.call('sqs', 'sqs:ReceiveMessage', async (client) => {
        const answer = await unlessAbsent(
          client.receiveMessage({
            QueueUrl: url,
            MaxNumberOfMessages: Math.min(most, MOST_MESSAGES),
            VisibilityTimeout: 0,
            // A short poll may find nothing in a queue with few messages; this asks every server.
            WaitTimeSeconds: 1,
            MessageSystemAttributeNames: ['All'],
            MessageAttributeNames: ['All'],
          }),
          ...QUEUE_ABSENT,
        );
        return (answer?.Messages ?? []).map(readMessage);
      });
    },
  };
}

function readQueue(url: string, attributes: Partial<Record<string, string>>): Queue {
  const arn = attributes.QueueArn ?? '';
  const number = (name: string) => Number(attributes[name] ?? 0);
  return {
    url,
    arn,
    name: nameOf(arn),
    visible: number('ApproximateNumberOfMessages'),
    inFlight: number('ApproximateNumberOfMessagesNotVisible'),
    delayed: number('ApproximateNumberOfMessagesDelayed'),
    retentionSeconds: number('MessageRetentionPeriod'),
    visibilityTimeoutSeconds: number('VisibilityTimeout'),
    encryption: attributes.KmsMasterKeyId
      ? 'kms'
      : attributes.SqsManagedSseEnabled === 'true'
        ? 'sqs'
        : 'none',
    kmsKeyId: attributes.KmsMasterKeyId ?? null,
    policy: attributes.Policy || null,
    redrivePolicy: attributes.RedrivePolicy || null,
    redriveAllowPolicy: attributes.RedriveAllowPolicy || null,
    modifiedAt: attributes.LastModifiedTimestamp ? number('LastModifiedTimestamp') * 1000 : null,
  };
}
