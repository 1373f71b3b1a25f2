import { AwsError, type Call, type Operation } from '../../../kernel/service.js';
import { validAttributes } from '../message-attributes.js';
import { publish } from '../publish.js';
import type { Topics } from '../topics.js';

interface Entry {
  Id: string;
  Message: string;
  Subject?: string;
  MessageAttributes?: unknown;
}

export function publishOperations(topics: Topics): Record<string, Operation> {
  return {
    // Authorised against the topic's policy as well as the caller's, so by `publish` itself.
    Publish: {
      action: null,
      handle: (
        input: {
          TopicArn?: string;
          TargetArn?: string;
          Message?: string;
          Subject?: string;
          MessageAttributes?: unknown;
        },
        call,
      ) => {
        const topicArn = input.TopicArn ?? input.TargetArn;
        if (!topicArn)
          throw new AwsError(
            'InvalidParameter',
            'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
          );
        if (!input.Message) throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
        return {
          MessageId: publish(topics, {
            topicArn,
            subject: input.Subject ?? '',
            message: input.Message,
            attributes: validAttributes(input.MessageAttributes),
            principal: call.principal,
          }),
        };
      },
    },
    PublishBatch: {
      action: null,
      handle: (input: { TopicArn: string; PublishBatchRequestEntries: Entry[] }, call) =>
        batch(topics, input, call),
    },
  };
}

function batch(
  topics: Topics,
  {
    TopicArn,
    PublishBatchRequestEntries: entries,
  }: { TopicArn: string; PublishBatchRequestEntries: Entry[] },
  call: Call,
) {
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  if (new Set(entries.map((entry) => entry.Id)).size < entries.length)
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const { Id, Message, Subject, MessageAttributes } of entries) {
    try {
      Successful.push({
        Id,
        MessageId: publish(topics, {
          topicArn: TopicArn,
          subject: Subject ?? '',
          message: Message,
          attributes: validAttributes(MessageAttributes),
          principal: call.principal,
        }),
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}
