import { awsClient, endpointOf } from '../shared/aws/client.js';

const TIMEOUT_MS = 5_000;

/** One call of SQS's JSON protocol. Throws when SQS refuses it. */
export async function callSqs<T>(operation: string, input: Record<string, unknown>): Promise<T> {
  const response = await awsClient('sqs').fetch(endpointOf('sqs'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`SQS refused ${operation}: ${response.status} ${await codeOf(response)}`);
  return (await response.json()) as T;
}

/** A queue's URL by its ARN. */
export function queueUrlOf(arn: string): string {
  const [account, name] = arn.split(':').slice(4);
  return `${endpointOf('sqs').replace(/\/+$/, '')}/${account}/${name}`;
}

async function codeOf(response: Response): Promise<string> {
  const { __type } = (await response.json().catch(() => ({}))) as { __type?: string };
  return __type?.split('#').pop() ?? '';
}
