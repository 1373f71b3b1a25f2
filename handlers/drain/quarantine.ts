import { DRAIN_ENVIRONMENT } from '../contract/environment.js';
import { awsClient, endpointOf } from '../shared/aws/client.js';
import { readVariable } from '../shared/configuration.js';
import type { SqsRecord } from './batch.js';

const TIMEOUT_MS = 5_000;
/** SQS takes at most ten attributes; this one says why it was refused. */
const REASON = 'CACHAO_REFUSED';

/** Sends a message on to the quarantine queue, as it is, with the reason. Throws when SQS did not take it. */
export async function quarantine(record: SqsRecord, reason: string): Promise<void> {
  const response = await awsClient('sqs').fetch(endpointOf('sqs'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: JSON.stringify({
      QueueUrl: readVariable(DRAIN_ENVIRONMENT.quarantineUrl),
      MessageBody: record.body,
      MessageAttributes: {
        ...attributesOf(record),
        [REASON]: { DataType: 'String', StringValue: reason },
      },
    }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`SQS did not take it: ${response.status} ${await codeOf(response)}`);
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

async function codeOf(response: Response): Promise<string> {
  const { __type } = (await response.json().catch(() => ({}))) as { __type?: string };
  return __type?.split('#').pop() ?? '';
}
