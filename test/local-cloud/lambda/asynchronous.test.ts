import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigCommandInput,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { removeDirectory } from '../../support/directories.js';
import {
  ALLOW_ALL,
  createFunction,
  type LambdaCloud,
  lambdaCloud,
  setPolicy,
  until,
} from './lambda-cloud.js';

const DLQ = 'arn:aws:sqs:eu-west-1:123456789012:dead';
const FAILURES = 'arn:aws:sqs:eu-west-1:123456789012:failures';

async function queue(aws: LambdaCloud, name: string): Promise<{ url: string; next(): Promise<Message> }> {
  const sqs = new SQSClient({ ...aws.client, useQueueUrlAsEndpoint: false });
  const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  return {
    url: url as string,
    next: () =>
      until(async () => {
        const { Messages } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: url, MessageAttributeNames: ['All'] }),
        );
        return Messages?.[0];
      }),
  };
}

async function send(aws: LambdaCloud, FunctionName: string, payload: unknown): Promise<string> {
  const answer = await aws.lambda.send(
    new InvokeCommand({
      FunctionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(payload)),
    }),
  );
  expect(answer.StatusCode).toBe(202);
  return answer.$metadata.requestId as string;
}

function configure(aws: LambdaCloud, input: PutFunctionEventInvokeConfigCommandInput) {
  return aws.lambda.send(new PutFunctionEventInvokeConfigCommand(input));
}

function total(aws: LambdaCloud, metric: string): number {
  return aws.metrics
    .filter(({ name, dimensions }) => name === metric && dimensions.Resource === undefined)
    .reduce((sum, { value }) => sum + value, 0);
}

const FAILS = 'export const handler = async (event) => { throw new RangeError("no " + event.n) }';

describe('asynchronous invocation', () => {
  it('tries three times, a minute and two apart, then sends the event to the dead-letter queue with the reason', async () => {
    const aws = await lambdaCloud({ clock: 'manual' });
    const running = setInterval(() => void aws.cloud.clock.advance(500), 10);
    const dead = await queue(aws, 'dead');
    await createFunction(aws, 'fails', FAILS, { DeadLetterConfig: { TargetArn: DLQ } });
    clearInterval(running);
    const requestId = await send(aws, 'fails', { n: 7 });
    await until(() => total(aws, 'Errors') === 1 || undefined);
    await aws.cloud.clock.advance(58_000);
    expect(total(aws, 'Errors')).toBe(1);
    await aws.cloud.clock.advance(2000);
    await until(() => total(aws, 'Errors') === 2 || undefined);
    await aws.cloud.clock.advance(118_000);
    expect(total(aws, 'Errors')).toBe(2);
    await aws.cloud.clock.advance(2000);
    const message = await dead.next();
    expect(JSON.parse(message.Body ?? '')).toEqual({ n: 7 });
    expect(message.MessageAttributes).toEqual({
      RequestID: { DataType: 'String', StringValue: requestId },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: 'no 7' },
    });
    expect(total(aws, 'AsyncEventsReceived')).toBe(1);
    expect(total(aws, 'AsyncEventsDropped')).toBe(1);
    expect(total(aws, 'DeadLetterErrors')).toBe(0);
  });

  it('sends the recorded envelope to the failure destination as well', async () => {
    const aws = await lambdaCloud();
    const failures = await queue(aws, 'failures');
    const arn = await createFunction(aws, 'fails', FAILS);
    await configure(aws, {
      FunctionName: 'fails',
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: FAILURES } },
    });
    const requestId = await send(aws, 'fails', { n: 8 });
    const message = await failures.next();
    expect(message.MessageAttributes).toBeUndefined();
    expect(JSON.parse(message.Body ?? '')).toMatchObject({
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-/),
      requestContext: {
        requestId,
        functionArn: `${arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { n: 8 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError', errorMessage: 'no 8', trace: expect.any(Array) },
    });
  });

  it('reports a success to its destination, and nothing to the dead-letter queue', async () => {
    const aws = await lambdaCloud();
    const done = await queue(aws, 'failures');
    await createFunction(aws, 'works', 'export const handler = async () => ({ fine: true })');
    await configure(aws, {
      FunctionName: 'works',
      DestinationConfig: { OnSuccess: { Destination: FAILURES } },
    });
    await send(aws, 'works', { n: 1 });
    const body = JSON.parse((await done.next()).Body ?? '');
    expect(body).toMatchObject({
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { fine: true },
    });
    expect(total(aws, 'AsyncEventsDropped')).toBe(0);
  });

  it('can hand its result to another function', async () => {
    const aws = await lambdaCloud();
    const source =
      'export const handler = async (event) => { console.log("got " + event.requestContext.condition) }';
    const arn = await createFunction(aws, 'next', source);
    await createFunction(aws, 'fails', FAILS);
    await configure(aws, {
      FunctionName: 'fails',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: arn } },
    });
    await send(aws, 'fails', { n: 1 });
    await until(
      () => aws.lines('/aws/lambda/next').some((line) => line.endsWith('got RetriesExhausted')) || undefined,
    );
  });

  it('loses the event when the role may no longer send, or the queue is gone; only metrics tell', async () => {
    const aws = await lambdaCloud();
    const dead = await queue(aws, 'dead');
    await queue(aws, 'failures');
    await createFunction(aws, 'fails', FAILS, { DeadLetterConfig: { TargetArn: DLQ } });
    await configure(aws, {
      FunctionName: 'fails',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: FAILURES } },
    });
    const deny = { Effect: 'Deny', Action: 'sqs:SendMessage', Resource: '*' };
    await setPolicy(aws.cloud, { ...ALLOW_ALL, Statement: [...ALLOW_ALL.Statement, deny] });
    await send(aws, 'fails', { n: 1 });
    await until(() => total(aws, 'DeadLetterErrors') === 1 || undefined);
    expect(total(aws, 'DestinationDeliveryFailures')).toBe(1);
    await setPolicy(aws.cloud, ALLOW_ALL);
    await new SQSClient({ ...aws.client, useQueueUrlAsEndpoint: false }).send(
      new DeleteQueueCommand({ QueueUrl: dead.url }),
    );
    await send(aws, 'fails', { n: 2 });
    await until(() => total(aws, 'DeadLetterErrors') === 2 || undefined);
  });

  it('with no reserved concurrency at all, hands events straight to the dead-letter queue', async () => {
    const aws = await lambdaCloud();
    const dead = await queue(aws, 'dead');
    await createFunction(aws, 'off', 'export const handler = async () => 1', {
      DeadLetterConfig: { TargetArn: DLQ },
    });
    await aws.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'off', ReservedConcurrentExecutions: 0 }),
    );
    await send(aws, 'off', { n: 1 });
    expect((await dead.next()).MessageAttributes?.ErrorCode).toEqual({
      DataType: 'Number',
      StringValue: '429',
    });
    expect(total(aws, 'Throttles')).toBe(1);
    expect(total(aws, 'Invocations')).toBe(0);
    await expect(aws.lambda.send(new InvokeCommand({ FunctionName: 'off' }))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
  });

  it('lets throttled events wait until there is room', async () => {
    const aws = await lambdaCloud();
    await createFunction(
      aws,
      'single',
      'export const handler = async ({ ms }) => new Promise((done) => setTimeout(done, ms))',
      { Timeout: 10 },
    );
    await aws.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'single', ReservedConcurrentExecutions: 1 }),
    );
    const slow = aws.lambda.send(
      new InvokeCommand({ FunctionName: 'single', Payload: Buffer.from('{"ms":400}') }),
    );
    await until(() => total(aws, 'ConcurrentExecutions') > 0 || undefined);
    for (let n = 0; n < 3; n += 1) await send(aws, 'single', { ms: 1 });
    await expect(aws.lambda.send(new InvokeCommand({ FunctionName: 'single' }))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
    });
    expect(total(aws, 'Throttles')).toBeGreaterThanOrEqual(2);
    await slow;
    await until(() => total(aws, 'Invocations') === 4 || undefined);
    expect(total(aws, 'AsyncEventsDropped')).toBe(0);
  });

  it('gives an event up when a retry would come after its maximum age', async () => {
    const aws = await lambdaCloud();
    const failures = await queue(aws, 'failures');
    await createFunction(aws, 'fails', FAILS);
    await configure(aws, {
      FunctionName: 'fails',
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: FAILURES } },
    });
    await send(aws, 'fails', { n: 1 });
    expect(JSON.parse((await failures.next()).Body ?? '').requestContext).toMatchObject({
      condition: 'EventAgeExceeded',
      approximateInvokeCount: 1,
    });
  });

  it('delivers again after the cloud ended in the middle of an invocation, and remembers retries that wait', async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lambda-test-'));
    const mark = path.join(directory, 'mark');
    const first = await lambdaCloud({ directory });
    await createFunction(
      first,
      'slow',
      `import fs from 'node:fs';
       export const handler = async ({ file }) => {
         fs.appendFileSync(file, 'x');
         if (fs.readFileSync(file, 'utf8').length === 1) await new Promise((done) => setTimeout(done, 60000));
       }`,
      { Timeout: 120 },
    );
    await send(first, 'slow', { file: mark });
    await until(() => fs.existsSync(mark) || undefined);
    await first.close();
    const second = await lambdaCloud({ directory, role: false });
    await until(() => fs.readFileSync(mark, 'utf8') === 'xx' || undefined);
    await until(() => total(second, 'Invocations') === 1 || undefined);
    expect(total(second, 'Errors')).toBe(0);
    await second.close();
    await removeDirectory(directory);
  });

  it('works through many events', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'many', 'let n = 0; export const handler = async () => ++n');
    const events = 300;
    const port = aws.cloud.port('lambda');
    for (let n = 0; n < events; n += 1)
      port.invokeAsync({
        functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:many',
        payload: '{}',
        principal: { kind: 'user', arn: 'arn:aws:iam::123456789012:user/operator' },
      });
    await until(() => total(aws, 'Invocations') === events || undefined);
    expect(total(aws, 'Throttles')).toBe(0);
    expect(aws.streams('/aws/lambda/many').length).toBeLessThanOrEqual(4);
  });
});
