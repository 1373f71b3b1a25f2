import type { ReceivedMessage, SqsAttribute } from '../../../kernel/ports.js';

/** The event that a function gets for a batch of SQS messages. */
export function sqsEvent(messages: ReceivedMessage[], queueArn: string): object {
  const awsRegion = queueArn.split(':')[3];
  return {
    Records: messages.map((message) => ({
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: message.attributes,
      messageAttributes: Object.fromEntries(
        Object.entries(message.messageAttributes).map(([name, value]) => [name, toEventAttribute(value)]),
      ),
      md5OfBody: message.md5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion,
    })),
  };
}

function toEventAttribute({ DataType, StringValue, BinaryValue }: SqsAttribute): object {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/**
 * Ids of the messages that a function says it did not process; `'all'` when the whole batch counts as failed: an
 * answer that is not understood, an empty or unknown id.
 */
export function failedItems(response: string, messages: ReceivedMessage[]): Set<string> | 'all' {
  const failures = (JSON.parse(response) as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const known = new Set(messages.map(({ messageId }) => messageId));
  const failed = new Set<string>();
  for (const failure of failures as ({ itemIdentifier?: unknown } | null)[]) {
    const id = failure?.itemIdentifier;
    if (typeof id !== 'string' || !known.has(id)) return 'all';
    failed.add(id);
  }
  return failed;
}
