import { callAws, endpointOf, errorCodeOf } from '../shared/aws/call.js';

const TIMEOUT_MS = 5_000;

/** One call of SQS's JSON protocol. Throws when SQS refuses it. */
export async function callSqs<T>(operation: string, input: Record<string, unknown>): Promise<T> {
  const answer = await callAws({
    service: 'sqs',
    target: `AmazonSQS.${operation}`,
    jsonVersion: '1.0',
    input,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`SQS refused ${operation}: ${answer.status} ${errorCodeOf(answer) ?? ''}`);
  return answer.body as T;
}

/** A queue's URL by its ARN. */
export function queueUrlOf(arn: string): string {
  const [account, name] = arn.split(':').slice(4);
  return `${endpointOf('sqs').replace(/\/+$/, '')}/${account}/${name}`;
}
