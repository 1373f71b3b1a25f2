import {
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteRestApiCommand,
  GetAccountCommand,
  GetMethodCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetStagesCommand,
  GetTagsCommand,
  GetUsagePlansCommand,
  ImportRestApiCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { OPERATOR } from '../../../src/local-cloud/kernel/cloud.js';
import { createFunction } from '../lambda/lambda-cloud.js';
import { apiCloud, deployedApi, ECHO, invocationUri, paths } from './api-cloud.js';

const replace = (path: string, value: string) => ({ op: 'replace' as const, path, value });

describe('REST APIs', () => {
  it('are created, read, changed, tagged and deleted', async () => {
    const aws = await apiCloud();
    const { id, rootResourceId } = await aws.api.send(
      new CreateRestApiCommand({
        name: 'shop',
        tags: { stage: 'dev' },
        endpointConfiguration: { types: ['REGIONAL'] },
      }),
    );
    expect(id).toMatch(/^[a-z0-9]{10}$/);
    const read = () => aws.api.send(new GetRestApiCommand({ restApiId: id }));
    expect(await read()).toMatchObject({
      name: 'shop',
      rootResourceId,
      createdDate: expect.any(Date),
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    await aws.api.send(
      new UpdateRestApiCommand({
        restApiId: id,
        patchOperations: [replace('/name', 'store'), { op: 'add', path: '/binaryMediaTypes/image~1png' }],
      }),
    );
    expect(await read()).toMatchObject({ name: 'store', binaryMediaTypes: ['image/png'] });
    const resourceArn = `arn:aws:apigateway:eu-west-1::/restapis/${id}`;
    await aws.api.send(new TagResourceCommand({ resourceArn, tags: { owner: 'me' } }));
    await aws.api.send(new UntagResourceCommand({ resourceArn, tagKeys: ['stage'] }));
    expect((await aws.api.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ owner: 'me' });
    expect((await aws.api.send(new GetRestApisCommand({}))).items).toHaveLength(1);
    await aws.api.send(new DeleteRestApiCommand({ restApiId: id }));
    await expect(read()).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `Invalid API identifier specified 123456789012:${id}`,
    });
  });

  it('are authorised by HTTP method and path', async () => {
    const aws = await apiCloud();
    const { id } = await aws.api.send(new CreateRestApiCommand({ name: 'shop' }));
    const principal = {
      kind: 'role',
      arn: 'arn:aws:sts::123456789012:assumed-role/none/x',
      roleArn: 'arn:aws:iam::123456789012:role/none',
    } as const;
    await expect(
      aws.cloud.call('apigateway', 'GetStages', { restApiId: id }, { principal, region: 'eu-west-1' }),
    ).rejects.toMatchObject({
      message: expect.stringContaining(
        `apigateway:GET on resource: arn:aws:apigateway:eu-west-1::/restapis/${id}/stages`,
      ),
    });
    expect(
      await aws.cloud.call(
        'apigateway',
        'GetStages',
        { restApiId: id },
        { principal: OPERATOR, region: 'eu-west-1' },
      ),
    ).toEqual({ item: [] });
  });

  it('refuse what they cannot do, by name', async () => {
    const aws = await apiCloud();
    const { id: restApiId, rootResourceId: resourceId } = await aws.api.send(
      new CreateRestApiCommand({ name: 'shop' }),
    );
    const at = { restApiId, resourceId, httpMethod: 'GET' };
    await expect(
      aws.api.send(new PutMethodCommand({ ...at, authorizationType: 'CUSTOM' })),
    ).rejects.toMatchObject({ message: expect.stringMatching(/does not support authorizationType CUSTOM/) });
    await aws.api.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
    await expect(
      aws.api.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(
      aws.api.send(new PutIntegrationCommand({ ...at, type: 'HTTP_PROXY', uri: 'https://x' })),
    ).rejects.toMatchObject({ message: expect.stringMatching(/integration type HTTP_PROXY/) });
    await expect(
      aws.api.send(
        new PutIntegrationCommand({
          ...at,
          type: 'AWS_PROXY',
          integrationHttpMethod: 'POST',
          uri: 'arn:aws:lambda:eu-west-1:123456789012:function:x',
        }),
      ),
    ).rejects.toMatchObject({ name: 'BadRequestException', message: expect.stringMatching(/Invalid ARN/) });
    await expect(aws.api.send(new CreateDeploymentCommand({ restApiId }))).rejects.toMatchObject({
      message: 'No integration defined for method',
    });
    await aws.api.send(new CreateResourceCommand({ restApiId, parentId: resourceId, pathPart: 'a' }));
    await expect(
      aws.api.send(new CreateResourceCommand({ restApiId, parentId: resourceId, pathPart: 'a' })),
    ).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Another resource with the same parent already has this name: a',
    });
  });

  it('keep the method of a route apart from the method of its backend', async () => {
    const aws = await apiCloud();
    const functionArn = await createFunction(aws, 'hook', ECHO);
    const { id: restApiId, rootResourceId: resourceId } = await aws.api.send(
      new CreateRestApiCommand({ name: 'shop' }),
    );
    const at = { restApiId, resourceId, httpMethod: 'GET' };
    await aws.api.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
    await aws.api.send(
      new PutIntegrationCommand({
        ...at,
        type: 'AWS_PROXY',
        integrationHttpMethod: 'POST',
        uri: invocationUri(functionArn),
      }),
    );
    expect(await aws.api.send(new GetMethodCommand(at))).toMatchObject({
      httpMethod: 'GET',
      methodIntegration: { type: 'AWS_PROXY', httpMethod: 'POST', timeoutInMillis: 29_000 },
    });
  });

  it('are imported from OpenAPI', async () => {
    const aws = await apiCloud();
    const functionArn = await createFunction(aws, 'hook', ECHO);
    const definition = `
openapi: 3.0.1
info: { title: imported }
paths:
  /orders/{id}:
    get: { x-amazon-apigateway-integration: &proxy { type: aws_proxy, httpMethod: POST, uri: "${invocationUri(functionArn)}" } }
    x-amazon-apigateway-any-method: { x-amazon-apigateway-integration: *proxy }
  /{proxy+}:
    post: { x-amazon-apigateway-integration: *proxy }
    options:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: { application/json: '{"statusCode": 200}' }
        responses:
          default: { statusCode: "200", responseParameters: { method.response.header.Access-Control-Allow-Origin: "'*'" } }`;
    const { id, name } = await aws.api.send(new ImportRestApiCommand({ body: Buffer.from(definition) }));
    expect(name).toBe('imported');
    expect(await paths(aws, id as string)).toEqual({
      '/': [],
      '/orders': [],
      '/orders/{id}': ['GET', 'ANY'],
      '/{proxy+}': ['POST', 'OPTIONS'],
    });
    await aws.api.send(new CreateDeploymentCommand({ restApiId: id, stageName: 'prod' }));
    await aws.cloud.call(
      'lambda',
      'AddPermission',
      {
        FunctionName: 'hook',
        StatementId: 'x',
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
      },
      { principal: OPERATOR, region: 'eu-west-1' },
    );
    const base = `${aws.client.endpoint}/_aws/execute-api/${id}/prod`;
    const seen = async (method: string, path: string) => {
      const response = await fetch(`${base}${path}`, { method });
      return (await response.json()) as { resource: string; pathParameters: object };
    };
    expect(await seen('GET', '/orders/a%20b')).toMatchObject({
      resource: '/orders/{id}',
      pathParameters: { id: 'a b' },
    });
    expect(await seen('DELETE', '/orders/1')).toMatchObject({
      resource: '/orders/{id}',
      httpMethod: 'DELETE',
    });
    expect(await seen('POST', '/any/deep/path')).toMatchObject({
      resource: '/{proxy+}',
      pathParameters: { proxy: 'any/deep/path' },
    });
    const preflight = await fetch(`${base}/any`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  });
});

describe('stages', () => {
  it('hold settings by path and method', async () => {
    const aws = await apiCloud();
    const { apiId: restApiId } = await deployedApi(aws, ECHO);
    const stageName = 'prod';
    const update = (...patchOperations: { op: 'replace' | 'remove'; path: string; value?: string }[]) =>
      aws.api.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
    await update(
      replace('/*/*/throttling/rateLimit', '25'),
      replace('/*/*/throttling/burstLimit', '50'),
      replace('/*/*/metrics/enabled', 'true'),
      replace('/~1webhooks~1stripe/POST/throttling/rateLimit', '5'),
      replace('/tracingEnabled', 'true'),
      replace('/variables/colour', 'blue'),
    );
    expect(await aws.api.send(new GetStageCommand({ restApiId, stageName }))).toMatchObject({
      tracingEnabled: true,
      variables: { colour: 'blue' },
      methodSettings: {
        '*/*': {
          throttlingRateLimit: 25,
          throttlingBurstLimit: 50,
          metricsEnabled: true,
          loggingLevel: 'OFF',
        },
        '~1webhooks~1stripe/POST': { throttlingRateLimit: 5 },
      },
    });
    const removed = await update({ op: 'remove', path: '/~1webhooks~1stripe/POST' });
    expect(Object.keys(removed.methodSettings ?? {})).toEqual(['*/*']);
    await expect(update(replace('/nothing', '1'))).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(update(replace('/*/*/throttling/nothing', '1'))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });

  it('log only once the account names a role that API Gateway can assume', async () => {
    const aws = await apiCloud();
    const { apiId: restApiId } = await deployedApi(aws, ECHO);
    const log = () =>
      aws.api.send(
        new UpdateStageCommand({
          restApiId,
          stageName: 'prod',
          patchOperations: [replace('/*/*/logging/loglevel', 'ERROR')],
        }),
      );
    await expect(log()).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
    });
    const setRole = (role: string) =>
      aws.api.send(
        new UpdateAccountCommand({
          patchOperations: [replace('/cloudwatchRoleArn', `arn:aws:iam::123456789012:role/${role}`)],
        }),
      );
    await expect(setRole('worker')).rejects.toMatchObject({ name: 'BadRequestException' });
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    };
    await aws.cloud.call(
      'iam',
      'CreateRole',
      { RoleName: 'gateway', AssumeRolePolicyDocument: JSON.stringify(trust) },
      { principal: OPERATOR, region: 'eu-west-1' },
    );
    await setRole('gateway');
    expect(await aws.api.send(new GetAccountCommand({}))).toMatchObject({
      cloudwatchRoleArn: 'arn:aws:iam::123456789012:role/gateway',
      throttleSettings: { rateLimit: 10_000, burstLimit: 5000 },
    });
    await log();
  });

  it('keep their deployment from being deleted', async () => {
    const aws = await apiCloud();
    const { apiId: restApiId } = await deployedApi(aws, ECHO);
    const { item } = await aws.api.send(new GetStagesCommand({ restApiId }));
    const deploymentId = item?.[0]?.deploymentId as string;
    await expect(
      aws.api.send(new DeleteDeploymentCommand({ restApiId, deploymentId })),
    ).rejects.toMatchObject({
      message: 'Active stages pointing to this deployment must be moved or deleted',
    });
    await expect(
      aws.api.send(new CreateStageCommand({ restApiId, deploymentId, stageName: 'prod' })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
    expect((await aws.api.send(new GetUsagePlansCommand({}))).items).toEqual([]);
  });
});
