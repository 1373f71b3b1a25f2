import { createHash } from 'node:crypto';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { AwsError, RawResponse, type ServiceFactory } from '../../../src/local-cloud/kernel/service.js';
import { askAdmin } from '../../support/local-cloud.js';
import { createFunction, createRole, lambdaCloud, ROLE, setPolicy, zip } from './lambda-cloud.js';

const NOTHING = 'export const handler = async () => 0';
const CODE = zip({ 'index.mjs': NOTHING });
const base: CreateFunctionCommandInput = {
  FunctionName: 'orders',
  Role: ROLE,
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Code: { ZipFile: CODE },
};

describe('functions', () => {
  it('are pending first, then active, and say what they are', async () => {
    const aws = await lambdaCloud({ clock: 'manual' });
    const created = await aws.lambda.send(
      new CreateFunctionCommand({ ...base, Tags: { stage: 'dev' }, LoggingConfig: { LogFormat: 'JSON' } }),
    );
    expect(created).toMatchObject({
      $metadata: { httpStatusCode: 201 },
      State: 'Pending',
      StateReasonCode: 'Creating',
      CodeSha256: createHash('sha256').update(CODE).digest('base64'),
      CodeSize: CODE.length,
      Timeout: 3,
      MemorySize: 128,
      TracingConfig: { Mode: 'PassThrough' },
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: '/aws/lambda/orders',
        ApplicationLogLevel: 'INFO',
        SystemLogLevel: 'INFO',
      },
    });
    await expect(aws.lambda.send(new InvokeCommand({ FunctionName: 'orders' }))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    await aws.cloud.clock.advance(3000);
    const { Configuration, Tags } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: created.FunctionArn as string }),
    );
    expect(Configuration).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
    expect(Tags).toEqual({ stage: 'dev' });
    await expect(aws.lambda.send(new CreateFunctionCommand(base))).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: orders',
    });
  });

  it.each<[Partial<CreateFunctionCommandInput>, string, RegExp]>([
    [
      { Runtime: 'nodejs20.x' },
      'InvalidParameterValueException',
      /nodejs20\.x is no longer supported.*nodejs24\.x/,
    ],
    [
      { Runtime: 'nodejs99.x' as 'nodejs24.x' },
      'InvalidParameterValueException',
      /Member must satisfy enum value set/,
    ],
    [{ MemorySize: 64 }, 'ValidationException', /memorySize.*greater than or equal to 128/],
    [{ Timeout: 901 }, 'ValidationException', /timeout.*less than or equal to 900/],
    [
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
      /reserved keys.*AWS_REGION/,
    ],
    [{ Code: { ZipFile: Buffer.from('not a zip') } }, 'InvalidParameterValueException', /Could not unzip/],
    [
      { Role: 'arn:aws:iam::123456789012:role/missing' },
      'InvalidParameterValueException',
      /cannot be assumed by Lambda/,
    ],
    [
      { Layers: ['arn:aws:lambda:eu-west-1:1:layer:x:1'] },
      'InvalidParameterValueException',
      /does not support Layers/,
    ],
    [{ FunctionName: 'no spaces' }, 'ValidationException', /functionName/],
    [
      { LoggingConfig: { LogFormat: 'Text', ApplicationLogLevel: 'INFO' } },
      'InvalidParameterValueException',
      /log format to JSON/,
    ],
  ])('are refused when %j', async (more, name, message) => {
    const aws = await lambdaCloud();
    await expect(aws.lambda.send(new CreateFunctionCommand({ ...base, ...more }))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it('need a role that can reach the dead-letter queue', async () => {
    const aws = await lambdaCloud();
    await setPolicy(aws.cloud, {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }],
    });
    const target = { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead' } };
    const refused = {
      name: 'InvalidParameterValueException',
      message: 'The provided execution role does not have permissions to call SendMessage on SQS',
    };
    await expect(aws.lambda.send(new CreateFunctionCommand({ ...base, ...target }))).rejects.toMatchObject(
      refused,
    );
    await createFunction(aws, 'orders', NOTHING);
    await expect(
      aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'orders', ...target })),
    ).rejects.toMatchObject(refused);
    await expect(
      aws.lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: 'orders',
          DestinationConfig: { OnFailure: { Destination: target.DeadLetterConfig.TargetArn } },
        }),
      ),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/does not have permissions to call SendMessage on arn:/),
    });
  });

  it('take one update at a time and keep what it does not state', async () => {
    const aws = await lambdaCloud({ clock: 'manual' });
    await aws.lambda.send(
      new CreateFunctionCommand({
        ...base,
        Environment: { Variables: { COLOUR: 'blue' } },
        Description: 'first',
      }),
    );
    await aws.cloud.clock.advance(3000);
    const update = (more: object) =>
      aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'orders', ...more }));
    const updated = await update({ Timeout: 20 });
    expect(updated).toMatchObject({ Timeout: 20, Description: 'first', LastUpdateStatus: 'InProgress' });
    await expect(update({ Timeout: 21 })).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await expect(
      aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'orders', ZipFile: CODE })),
    ).rejects.toMatchObject({ message: expect.stringMatching(/An update is in progress for resource/) });
    await aws.cloud.clock.advance(2000);
    await waitUntilFunctionUpdatedV2({ client: aws.lambda, maxWaitTime: 5 }, { FunctionName: 'orders' });
    await expect(update({ RevisionId: 'stale' })).rejects.toMatchObject({
      name: 'PreconditionFailedException',
    });
    await update({ Environment: { Variables: {} }, Description: '' });
    const now = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'orders' }));
    expect(now.Environment).toBeUndefined();
    expect(now).toMatchObject({ Timeout: 20, Description: '' });
  });

  it('take their code from S3 as the caller, and pass its refusals on', async () => {
    const s3: ServiceFactory = () => ({
      name: 's3',
      protocol: 'rest-xml',
      routes: [],
      operations: {
        GetObject: {
          handle: (input) => {
            if (input.Key !== 'orders.zip')
              throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
            return new RawResponse(200, {}, CODE);
          },
        },
      },
    });
    const aws = await lambdaCloud({ services: [s3] });
    const create = (S3Key: string) =>
      aws.lambda.send(new CreateFunctionCommand({ ...base, Code: { S3Bucket: 'artifacts', S3Key } }));
    await expect(create('other.zip')).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    });
    expect((await create('orders.zip')).CodeSize).toBe(CODE.length);
  });

  it('are listed by name in pages, tagged, and gone after their deletion', async () => {
    const aws = await lambdaCloud();
    for (const name of ['c', 'a', 'b']) await createFunction(aws, name, NOTHING);
    const first = await aws.lambda.send(new ListFunctionsCommand({ MaxItems: 2 }));
    const second = await aws.lambda.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    expect([...(first.Functions ?? []), ...(second.Functions ?? [])].map((f) => f.FunctionName)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(second.NextMarker).toBeUndefined();
    const arn = first.Functions?.[0]?.FunctionArn as string;
    await aws.lambda.send(new TagResourceCommand({ Resource: arn, Tags: { one: '1', two: '2' } }));
    await aws.lambda.send(new UntagResourceCommand({ Resource: arn, TagKeys: ['one'] }));
    expect((await aws.lambda.send(new ListTagsCommand({ Resource: arn }))).Tags).toEqual({ two: '2' });
    await aws.lambda.send(new DeleteFunctionCommand({ FunctionName: 'a' }));
    await expect(aws.lambda.send(new GetFunctionCommand({ FunctionName: 'a' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${arn}`,
    });
    await expect(
      aws.lambda.send(new GetFunctionCommand({ FunctionName: arn.replace('eu-west-1', 'us-east-1') })),
    ).rejects.toMatchObject({
      message: "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')",
    });
  });

  it('refuse by name what the local cloud leaves out', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', NOTHING);
    await expect(
      aws.lambda.send(new PublishVersionCommand({ FunctionName: 'orders' })),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('lambda:PublishVersion'),
    });
    await expect(
      aws.lambda.send(new InvokeCommand({ FunctionName: 'orders', Qualifier: 'live' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('of other runtimes can be configured but not run', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'snake', NOTHING, { Runtime: 'python3.13' });
    const answer = await aws.lambda.send(new InvokeCommand({ FunctionName: 'snake' }));
    expect(answer.FunctionError).toBe('Unhandled');
    expect(Buffer.from(answer.Payload ?? '').toString()).toMatch(/Node\.js functions only.*python3\.13/);
  });

  it('cannot be made by someone who may not pass the role', async () => {
    const aws = await lambdaCloud();
    const only = { Effect: 'Allow', Action: 'lambda:*', Resource: '*' };
    await createRole(aws.cloud, { Version: '2012-10-17', Statement: [only] }, 'builder');
    const from = {
      region: 'eu-west-1',
      principal: {
        kind: 'role',
        arn: 'arn:aws:sts::123456789012:assumed-role/builder/x',
        roleArn: 'arn:aws:iam::123456789012:role/builder',
      },
    } as const;
    const input = { ...base, Code: { ZipFile: Buffer.from(CODE).toString('base64') } };
    await expect(aws.cloud.call('lambda', 'CreateFunction', input, from)).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('iam:PassRole'),
    });
  });
});

describe('concurrency', () => {
  const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
    new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions });

  it('must leave 100 unreserved', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', NOTHING);
    await expect(aws.lambda.send(reserve('orders', 901))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    });
    await aws.lambda.send(reserve('orders', 900));
    const { AccountLimit } = await aws.lambda.send(new GetAccountSettingsCommand({}));
    expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 100 });
    await aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'orders' }));
    const { Concurrency } = await aws.lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }));
    expect(Concurrency).toBeUndefined();
  });

  it('cannot be reserved at all in a new account of 10', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', NOTHING);
    const at = { aws: aws.client.endpoint, cloud: aws.cloud };
    const set = await askAdmin(at, 'lambda-account?region=eu-west-1', 'PUT', { concurrentExecutions: 10 });
    expect(await set.json()).toEqual({ region: 'eu-west-1', concurrentExecutions: 10 });
    await expect(aws.lambda.send(reserve('orders', 1))).rejects.toMatchObject({
      message: expect.stringMatching(/below its minimum value of \[10\]/),
    });
    await aws.lambda.send(reserve('orders', 0));
  });
});

describe('qualifiers and code', () => {
  it('takes no policy, reservation or tags for $LATEST', async () => {
    const aws = await lambdaCloud();
    const arn = await createFunction(aws, 'orders', NOTHING);
    const permission = {
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    };
    for (const at of [{ FunctionName: 'orders', Qualifier: '$LATEST' }, { FunctionName: 'orders:$LATEST' }])
      await expect(aws.lambda.send(new AddPermissionCommand({ ...permission, ...at }))).rejects.toMatchObject(
        {
          name: 'InvalidParameterValueException',
          message: 'We currently do not support adding policies for $LATEST.',
        },
      );
    await expect(
      aws.lambda.send(
        new PutFunctionConcurrencyCommand({
          FunctionName: 'orders:$LATEST',
          ReservedConcurrentExecutions: 1,
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(
      aws.lambda.send(new TagResourceCommand({ Resource: `${arn}:$LATEST`, Tags: { a: 'b' } })),
    ).rejects.toThrow('Tags on function aliases and versions are not supported');
    const { Concurrency, Tags } = await aws.lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }));
    expect([Concurrency, Tags]).toEqual([undefined, undefined]);
  });

  it('is fetched from where GetFunction says', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', NOTHING);
    const { Code, Configuration } = await aws.lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }));
    const location = Code?.Location ?? '';
    const answer = await fetch(location);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    const zip = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(zip).digest('base64')).toBe(Configuration?.CodeSha256);
    const other = location.replace(/[0-9a-f]{64}$/, '0'.repeat(64));
    expect((await fetch(other)).status).toBe(404);
  });
});

describe('resource policies', () => {
  const permission = {
    FunctionName: 'orders',
    StatementId: 'rule',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/bus/orders',
  };
  const invokeAs = (aws: Awaited<ReturnType<typeof lambdaCloud>>, sourceArn: string) =>
    aws.cloud.port('lambda').invoke({
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
      payload: '{}',
      principal: { kind: 'service', service: 'events.amazonaws.com' },
      sourceArn,
    });

  it('let a service in by its source only', async () => {
    const aws = await lambdaCloud();
    const arn = await createFunction(aws, 'orders', NOTHING);
    await expect(invokeAs(aws, permission.SourceArn)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    const { Statement } = await aws.lambda.send(new AddPermissionCommand(permission));
    expect(JSON.parse(Statement ?? '')).toEqual({
      Sid: 'rule',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: arn,
      Condition: { ArnLike: { 'AWS:SourceArn': permission.SourceArn } },
    });
    await expect(aws.lambda.send(new AddPermissionCommand(permission))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    expect(await invokeAs(aws, permission.SourceArn)).toMatchObject({ payload: '0' });
    await expect(invokeAs(aws, 'arn:aws:events:eu-west-1:123456789012:rule/orders')).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await aws.lambda.send(new RemovePermissionCommand({ FunctionName: 'orders', StatementId: 'rule' }));
    await expect(aws.lambda.send(new GetPolicyCommand({ FunctionName: 'orders' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('never let EventBridge in when they ask for a source account', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', NOTHING);
    await aws.lambda.send(new AddPermissionCommand({ ...permission, SourceAccount: '123456789012' }));
    await expect(invokeAs(aws, permission.SourceArn)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });
});

describe('configuration of asynchronous invocation', () => {
  it('is replaced by Put and merged by Update', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', NOTHING);
    const FunctionName = 'orders';
    const get = () => aws.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await aws.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1 }));
    await aws.lambda.send(
      new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 3600 }),
    );
    expect(await get()).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 3600,
      LastModified: expect.any(Date),
    });
    await aws.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
    expect((await get()).MaximumEventAgeInSeconds).toBeUndefined();
    await expect(
      aws.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 3 })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
