import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { stackContext, typeNamed } from '../stack-context.js';
import { type LambdaCloud, lambdaCloud, ROLE } from './lambda-cloud.js';

const FUNCTION = 'AWS::Lambda::Function';
const inline = {
  Code: { ZipFile: 'exports.handler = async () => "inline"' },
  Role: ROLE,
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
};

async function made(aws: LambdaCloud, more: object = {}) {
  const context = stackContext(aws.cloud, 'Orders');
  return typeNamed(aws.cloud, FUNCTION).create({ ...inline, ...more }, context);
}

describe('AWS::Lambda::Function', () => {
  it('is active when created, runs inline code, and carries the stack tags', async () => {
    const aws = await lambdaCloud();
    const { physicalId, attributes } = await made(aws, {
      Timeout: '20',
      ReservedConcurrentExecutions: '5',
      Environment: { Variables: { LIMIT: 3 } },
      Tags: [{ Key: 'stage', Value: 'dev' }],
    });
    expect(physicalId).toBe('shop-Orders-ABCDEF123456');
    const { Configuration, Tags, Concurrency } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: physicalId }),
    );
    expect(Configuration).toMatchObject({
      FunctionArn: attributes.Arn,
      State: 'Active',
      Timeout: 20,
      Environment: { Variables: { LIMIT: '3' } },
    });
    expect(Tags).toEqual({ stage: 'dev', 'aws:cloudformation:stack-name': 'shop' });
    expect(Concurrency?.ReservedConcurrentExecutions).toBe(5);
    const answer = await aws.lambda.send(new InvokeCommand({ FunctionName: physicalId }));
    expect(Buffer.from(answer.Payload ?? '').toString()).toBe('"inline"');
  });

  it('leaves nothing behind when its concurrency is refused', async () => {
    const aws = await lambdaCloud();
    await expect(made(aws, { ReservedConcurrentExecutions: 950 })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: expect.stringMatching(/below its minimum value of \[100\]/),
    });
    expect((await aws.lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  });

  it('changes in place: code, configuration back to defaults, concurrency, tags', async () => {
    const aws = await lambdaCloud();
    const before = {
      ...inline,
      Timeout: 20,
      ReservedConcurrentExecutions: 5,
      Tags: [{ Key: 'a', Value: '1' }],
    };
    const { physicalId } = await made(aws, before);
    const after = {
      ...inline,
      Code: { ZipFile: 'exports.handler = async () => 2' },
      MemorySize: 256,
      Tags: [{ Key: 'b', Value: '2' }],
    };
    const context = stackContext(aws.cloud, 'Orders');
    await typeNamed(aws.cloud, FUNCTION).update(physicalId, after, before, context);
    const live = await aws.lambda.send(new GetFunctionCommand({ FunctionName: physicalId }));
    expect(live.Configuration).toMatchObject({ Timeout: 3, MemorySize: 256, LastUpdateStatus: 'Successful' });
    expect(live.Concurrency).toBeUndefined();
    expect(live.Tags).toEqual({ b: '2', 'aws:cloudformation:stack-name': 'shop' });
    const answer = await aws.lambda.send(new InvokeCommand({ FunctionName: physicalId }));
    expect(Buffer.from(answer.Payload ?? '').toString()).toBe('2');
  });

  it('reads what is live in the shape of the template, and is gone after deletion', async () => {
    const aws = await lambdaCloud();
    const stated = {
      ...inline,
      MemorySize: 256,
      LoggingConfig: { LogGroup: '/shop/orders', LogFormat: 'JSON' },
      TracingConfig: { Mode: 'Active' },
      Tags: [{ Key: 'a', Value: '1' }],
    };
    const { physicalId } = await made(aws, stated);
    const context = stackContext(aws.cloud, 'Orders');
    const type = typeNamed(aws.cloud, FUNCTION);
    expect(await type.read(physicalId, stated, context)).toEqual(stated);
    await type.delete(physicalId, stated, context);
    await type.delete(physicalId, stated, context);
    expect(await type.read(physicalId, stated, context)).toBeUndefined();
  });
});

describe('what belongs to a function', () => {
  it('AWS::Lambda::Permission is a statement of its policy', async () => {
    const aws = await lambdaCloud();
    const { physicalId: FunctionName } = await made(aws);
    const type = typeNamed(aws.cloud, 'AWS::Lambda::Permission');
    const context = stackContext(aws.cloud, 'Permission');
    const stated = {
      Action: 'lambda:InvokeFunction',
      FunctionName,
      Principal: 'events.amazonaws.com',
      SourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/x',
    };
    const { physicalId } = await type.create(stated, context);
    const { Policy } = await aws.lambda.send(new GetPolicyCommand({ FunctionName }));
    expect(JSON.parse(Policy ?? '').Statement[0]).toMatchObject({
      Sid: physicalId,
      Principal: { Service: 'events.amazonaws.com' },
    });
    expect(await type.read(physicalId, stated, context)).toEqual(stated);
    await type.delete(physicalId, stated, context);
    expect(await type.read(physicalId, stated, context)).toBeUndefined();
  });

  it('AWS::Lambda::EventInvokeConfig sets retries and destinations', async () => {
    const aws = await lambdaCloud();
    const { physicalId: FunctionName } = await made(aws);
    const type = typeNamed(aws.cloud, 'AWS::Lambda::EventInvokeConfig');
    const context = stackContext(aws.cloud, 'Retries');
    const Destination = 'arn:aws:sqs:eu-west-1:123456789012:failures';
    const stated = {
      FunctionName,
      Qualifier: '$LATEST',
      MaximumRetryAttempts: '1',
      DestinationConfig: { OnFailure: { Destination } },
    };
    const { physicalId } = await type.create(stated, context);
    expect(await aws.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).toMatchObject({
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination } },
    });
    await expect(type.create(stated, context)).rejects.toMatchObject({ code: 'AlreadyExists' });
    await type.update(
      physicalId,
      { FunctionName, Qualifier: '$LATEST', MaximumRetryAttempts: 2 },
      stated,
      context,
    );
    const live = await aws.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    expect(live.DestinationConfig?.OnFailure?.Destination).toBeUndefined();
    await type.delete(physicalId, stated, context);
    expect(await type.read(physicalId, stated, context)).toBeUndefined();
  });

  it('AWS::Lambda::EventSourceMapping comes and goes settled', async () => {
    const aws = await lambdaCloud();
    const { physicalId: FunctionName } = await made(aws);
    await new SQSClient({ ...aws.client, useQueueUrlAsEndpoint: false }).send(
      new CreateQueueCommand({ QueueName: 'dead' }),
    );
    const type = typeNamed(aws.cloud, 'AWS::Lambda::EventSourceMapping');
    const context = stackContext(aws.cloud, 'Drain');
    const EventSourceArn = 'arn:aws:sqs:eu-west-1:123456789012:dead';
    const stated = {
      FunctionName,
      EventSourceArn,
      Enabled: 'false',
      BatchSize: '5',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    };
    const { physicalId: UUID } = await type.create(stated, context);
    const get = () => aws.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    expect(await get()).toMatchObject({
      State: 'Disabled',
      BatchSize: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    await type.update(UUID, { FunctionName, EventSourceArn, BatchSize: 7 }, stated, context);
    expect(await get()).toMatchObject({ State: 'Enabled', BatchSize: 7, FunctionResponseTypes: [] });
    await type.delete(UUID, stated, context);
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
