import type { LocalCloud } from '../../../kernel/cloud.js';
import { AwsError } from '../../../kernel/service.js';
import { invalidParameter } from '../errors.js';

const LAMBDA = { kind: 'service', service: 'lambda.amazonaws.com' } as const;

/** The queue's visibility timeout in seconds. Throws `InvalidParameterValueException` as Lambda does when SQS refuses. */
export async function visibilityTimeout(cloud: LocalCloud, queueArn: string): Promise<number> {
  const [, , , region, account, name] = queueArn.split(':');
  const from = { principal: LAMBDA, region: region as string };
  try {
    const { QueueUrl } = (await cloud.call(
      'sqs',
      'GetQueueUrl',
      { QueueName: name, QueueOwnerAWSAccountId: account },
      from,
    )) as { QueueUrl: string };
    const { Attributes } = (await cloud.call(
      'sqs',
      'GetQueueAttributes',
      { QueueUrl, AttributeNames: ['VisibilityTimeout'] },
      from,
    )) as { Attributes?: Record<string, string> };
    return Number(Attributes?.VisibilityTimeout ?? 30);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(
      `Error occurred while ReceiveMessage. SQS Error Code: ${error.fields.queryCode ?? error.code}. SQS Error Message: ${error.message}`,
    );
  }
}
