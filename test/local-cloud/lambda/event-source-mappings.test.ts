import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createFunction, type LambdaCloud, lambdaCloud, setPolicy, until } from './lambda-cloud.js';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:jobs';

async function queue(aws: LambdaCloud, attributes: Record<string, string> = {}) {
  const sqs = new SQSClient({ ...aws.client, useQueueUrlAsEndpoint: false });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes: attributes }));
  const depth = async (): Promise<[string, string]> => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return [
      Attributes?.ApproximateNumberOfMessages as string,
      Attributes?.ApproximateNumberOfMessagesNotVisible as string,
    ];
  };
  return { sqs, QueueUrl, depth };
}

function map(aws: LambdaCloud, more: Partial<CreateEventSourceMappingCommandInput> = {}) {
  return aws.lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn: QUEUE, ...more }),
  );
}

async function inState(aws: LambdaCloud, UUID: string | undefined, State: string) {
  return until(async () => {
    const mapping = await aws.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    return mapping.State === State ? mapping : undefined;
  });
}

const messages = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ Id: String(n), MessageBody: JSON.stringify({ n }) }));

const LOGS = 'console.log("event " + JSON.stringify(event));';

function events(aws: LambdaCloud): { Records: Record<string, unknown>[] }[] {
  return aws
    .lines('/aws/lambda/worker')
    .map((line) => /\tINFO\tevent (.*)$/.exec(line)?.[1])
    .filter((text) => text !== undefined)
    .map((text) => JSON.parse(text));
}

describe('an SQS event source mapping', () => {
  it('feeds the function with batches and deletes what was processed', async () => {
    const aws = await lambdaCloud();
    const { sqs, QueueUrl, depth } = await queue(aws);
    const arn = await createFunction(aws, 'worker', `export const handler = async (event) => { ${LOGS} }`);
    const created = await map(aws, { BatchSize: 5 });
    expect(created).toMatchObject({
      $metadata: { httpStatusCode: 202 },
      State: 'Creating',
      FunctionArn: arn,
      BatchSize: 5,
    });
    await inState(aws, created.UUID, 'Enabled');
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'hello',
        MessageAttributes: { ErrorCode: { DataType: 'Number', StringValue: '200' } },
      }),
    );
    await until(() => events(aws).length === 1 || undefined);
    expect(events(aws)[0]?.Records[0]).toMatchObject({
      body: 'hello',
      eventSource: 'aws:sqs',
      eventSourceARN: QUEUE,
      awsRegion: 'eu-west-1',
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {
        ErrorCode: { stringValue: '200', dataType: 'Number', stringListValues: [], binaryListValues: [] },
      },
    });
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: messages(10) }));
    await until(async () => (await depth()).join() === '0,0' || undefined);
    expect(events(aws).every(({ Records }) => Records.length <= 5)).toBe(true);
    expect((await inState(aws, created.UUID, 'Enabled')).LastProcessingResult).toBe('OK');
  });

  it('keeps what a partial batch response names, and everything when the answer makes no sense', async () => {
    const aws = await lambdaCloud();
    const { sqs, QueueUrl, depth } = await queue(aws, { VisibilityTimeout: '600' });
    await createFunction(
      aws,
      'worker',
      `export const handler = async ({ Records }) => ({ batchItemFailures:
        Records.some((r) => r.body === 'nonsense') ? [{ itemIdentifier: 'unknown' }]
        : Records.filter((r) => JSON.parse(r.body).n % 2 === 1).map((r) => ({ itemIdentifier: r.messageId })) })`,
    );
    const { UUID } = await map(aws, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await inState(aws, UUID, 'Enabled');
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: messages(6) }));
    await until(async () => (await depth()).join() === '0,3' || undefined);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'nonsense' }));
    await until(async () => (await depth()).join() === '0,4' || undefined);
  });

  it('leaves a failed batch to its visibility timeout', async () => {
    const aws = await lambdaCloud();
    const { sqs, QueueUrl, depth } = await queue(aws, { VisibilityTimeout: '600' });
    await createFunction(aws, 'worker', 'export const handler = async () => { throw new Error("no") }');
    const { UUID } = await map(aws);
    await inState(aws, UUID, 'Enabled');
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: messages(3) }));
    await until(async () => (await depth()).join() === '0,3' || undefined);
    await until(async () => {
      const { LastProcessingResult } = await aws.lambda.send(new GetEventSourceMappingCommand({ UUID }));
      return LastProcessingResult === 'PROBLEM: Function call failed' || undefined;
    });
  });

  it('reads only while it is enabled', async () => {
    const aws = await lambdaCloud();
    const { sqs, QueueUrl, depth } = await queue(aws);
    await createFunction(aws, 'worker', 'export const handler = async () => {}');
    const created = await map(aws, { Enabled: false, ScalingConfig: { MaximumConcurrency: 2 } });
    await inState(aws, created.UUID, 'Disabled');
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: messages(4) }));
    expect(await depth()).toEqual(['4', '0']);
    // It stays between the states until the test has seen it there.
    aws.cloud.clock.setMode('manual');
    const enabling = await aws.lambda.send(
      new UpdateEventSourceMappingCommand({ UUID: created.UUID, Enabled: true }),
    );
    expect(enabling).toMatchObject({ State: 'Enabling', ScalingConfig: { MaximumConcurrency: 2 } });
    await expect(
      aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID: created.UUID, Enabled: false })),
    ).rejects.toMatchObject({ name: 'ResourceInUseException' });
    aws.cloud.clock.setMode('hasten');
    await until(async () => (await depth()).join() === '0,0' || undefined);
    const disabling = await aws.lambda.send(
      new UpdateEventSourceMappingCommand({ UUID: created.UUID, Enabled: false }),
    );
    expect(disabling.State).toBe('Disabling');
    await inState(aws, created.UUID, 'Disabled');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'stays' }));
    expect(await depth()).toEqual(['1', '0']);
    const listed = await aws.lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'worker' }));
    expect(listed.EventSourceMappings?.map(({ UUID }) => UUID)).toEqual([created.UUID]);
    await aws.lambda.send(new DeleteEventSourceMappingCommand({ UUID: created.UUID }));
    await until(async () => {
      const { EventSourceMappings } = await aws.lambda.send(
        new ListEventSourceMappingsCommand({ EventSourceArn: QUEUE }),
      );
      return EventSourceMappings?.length === 0 || undefined;
    });
  });

  it('waits for the batching window to fill a batch', async () => {
    const aws = await lambdaCloud({ clock: 'manual' });
    const advancing = setInterval(() => void aws.cloud.clock.advance(1000), 10);
    const { sqs, QueueUrl } = await queue(aws);
    await createFunction(aws, 'worker', `export const handler = async (event) => { ${LOGS} }`);
    const { UUID } = await map(aws, { BatchSize: 100, MaximumBatchingWindowInSeconds: 20 });
    await inState(aws, UUID, 'Enabled');
    clearInterval(advancing);
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: messages(3) }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: messages(10) }));
    await aws.cloud.clock.advance(21_000);
    await until(() => events(aws).length === 1 || undefined);
    expect(events(aws)[0]?.Records).toHaveLength(13);
  });

  it('is refused as AWS refuses it', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'worker', 'export const handler = async () => {}', { Timeout: 60 });
    await expect(map(aws)).rejects.toMatchObject({
      message: expect.stringMatching(/Error occurred while ReceiveMessage.*NonExistentQueue/),
    });
    await queue(aws, { VisibilityTimeout: '30' });
    await expect(map(aws)).rejects.toMatchObject({
      message: expect.stringMatching(
        /Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds/,
      ),
    });
    await expect(map(aws, { BatchSize: 11 })).rejects.toMatchObject({
      message: expect.stringMatching(/batch window/),
    });
    await expect(map(aws, { ScalingConfig: { MaximumConcurrency: 1 } })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await setPolicy(aws.cloud, {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }],
    });
    await expect(map(aws)).rejects.toMatchObject({
      message: 'The provided execution role does not have permissions to call ReceiveMessage on SQS',
    });
  });
});
