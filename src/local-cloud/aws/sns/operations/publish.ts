import { AwsError, type Call, type Operation } from '../../../kernel/service.js';
import { validAttributes } from '../message-attributes.js';
import { publish } from '../publish.js';
import type { Topics } from '../topics.js';

interface Entry {
  Id: string;
  Message: string;
  Subject?: string;
  MessageStructure?: string;
  MessageAttributes?: unknown;
}

/** Up to 100 characters on one line, beginning with something to see. */
function validSubject(subject: string | undefined): string {
  if (subject === undefined) return '';
  if (!/^[^\s\p{Cc}][^\p{Cc}]{0,99}$/u.test(subject))
    throw new AwsError('InvalidParameter', 'Invalid parameter: Subject');
  return subject;
}

/** With the structure `json` each protocol may have a text of its own. */
function messagesOf(
  message: string,
  structure: string | undefined,
): { message: string; byProtocol?: Record<string, string> } {
  if (structure === undefined || structure === '') return { message };
  const wrong = (what: string) =>
    new AwsError('InvalidParameter', `Invalid parameter: Message Structure - ${what}`);
  if (structure !== 'json') throw wrong('Only json is possible');
  let given: unknown;
  try {
    given = JSON.parse(message);
  } catch {
    throw wrong('JSON message body failed to parse');
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw wrong('JSON message body failed to parse');
  // What is no text is ignored, as AWS does.
  const texts = Object.fromEntries(Object.entries(given).filter(([, text]) => typeof text === 'string'));
  if (!Object.hasOwn(texts, 'default')) throw wrong('No default entry in JSON message body');
  return { message: texts.default, byProtocol: texts };
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
          MessageStructure?: string;
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
            subject: validSubject(input.Subject),
            ...messagesOf(input.Message, input.MessageStructure),
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
  for (const { Id, Message, Subject, MessageStructure, MessageAttributes } of entries) {
    try {
      Successful.push({
        Id,
        MessageId: publish(topics, {
          topicArn: TopicArn,
          subject: validSubject(Subject),
          ...messagesOf(Message, MessageStructure),
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
