import { DRAIN_ENVIRONMENT } from '../contract/environment.js';
import { readVariable } from '../shared/configuration.js';
import type { SqsRecord } from './batch.js';
import { callSqs } from './sqs.js';

/** SQS takes at most ten attributes; this one says why it was refused. */
const REASON = 'CACHAO_REFUSED';

/** Sends a message on to the quarantine queue, as it is, with the reason. Throws when SQS did not take it. */
export async function quarantine(record: SqsRecord, reason: string): Promise<void> {
  await callSqs('SendMessage', {
    QueueUrl: readVariable(DRAIN_ENVIRONMENT.quarantineUrl),
    MessageBody: record.body,
    MessageAttributes: {
      ...attributesOf(record),
      [REASON]: { DataType: 'String', StringValue: reason },
    },
  });
}

function attributesOf({
  messageAttributes,
}: SqsRecord): Record<string, { DataType: string; StringValue: string }> {
  return Object.fromEntries(
    Object.entries(messageAttributes ?? {})
      .filter(([, { stringValue }]) => stringValue)
      .slice(0, 9)
      .map(([name, { dataType, stringValue }]) => [
        name,
        { DataType: dataType ?? 'String', StringValue: stringValue ?? '' },
      ]),
  );
}
