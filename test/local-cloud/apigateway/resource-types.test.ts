import { GetStageCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import type { Properties } from '../../../src/local-cloud/kernel/resource-type.js';
import { createFunction } from '../lambda/lambda-cloud.js';
import { stackContext, typeNamed } from '../stack-context.js';
import { type ApiCloud, apiCloud, ECHO, invocationUri, paths, permit } from './api-cloud.js';

function stack(aws: ApiCloud) {
  const context = stackContext(aws.cloud, 'Api');
  const type = (name: string) => typeNamed(aws.cloud, `AWS::ApiGateway::${name}`);
  return {
    context,
    type,
    make: (name: string, properties: Properties) => type(name).create(properties, context),
  };
}

/** What a template with one webhook declares. */
async function webhook(aws: ApiCloud) {
  const { make, type, context } = stack(aws);
  const functionArn = await createFunction(aws, 'hook', ECHO);
  const api = await make('RestApi', { Name: 'shop', EndpointConfiguration: { Types: ['REGIONAL'] } });
  const RestApiId = api.physicalId;
  const parent = await make('Resource', {
    RestApiId,
    ParentId: api.attributes.RootResourceId,
    PathPart: 'stripe',
  });
  const method = {
    RestApiId,
    ResourceId: parent.physicalId,
    HttpMethod: 'POST',
    AuthorizationType: 'NONE',
    Integration: {
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      Uri: invocationUri(functionArn),
      TimeoutInMillis: 10_000,
    },
    MethodResponses: [{ StatusCode: 200 }],
  };
  const made = await make('Method', method);
  const deployment = await make('Deployment', { RestApiId });
  return {
    RestApiId,
    method,
    methodId: made.physicalId,
    DeploymentId: deployment.physicalId,
    make,
    type,
    context,
  };
}

describe('API Gateway in a stack', () => {
  it('serves a webhook with throttling as declared', async () => {
    const aws = await apiCloud();
    const { RestApiId, DeploymentId, make, type, context } = await webhook(aws);
    const stated = {
      RestApiId,
      DeploymentId,
      StageName: 'dev',
      TracingEnabled: 'true',
      MethodSettings: [
        {
          ResourcePath: '/*',
          HttpMethod: '*',
          ThrottlingRateLimit: '25',
          ThrottlingBurstLimit: '50',
          MetricsEnabled: true,
        },
      ],
      Tags: [{ Key: 'stage', Value: 'dev' }],
    };
    const stage = await make('Stage', stated);
    expect(stage.physicalId).toBe('dev');
    const get = () => aws.api.send(new GetStageCommand({ restApiId: RestApiId, stageName: 'dev' }));
    expect(await get()).toMatchObject({
      tracingEnabled: true,
      methodSettings: { '*/*': { throttlingRateLimit: 25, throttlingBurstLimit: 50, metricsEnabled: true } },
      tags: { stage: 'dev', 'aws:cloudformation:stack-name': 'shop' },
    });
    await permit(aws, `arn:aws:execute-api:eu-west-1:123456789012:${RestApiId}/dev/POST/stripe`);
    const response = await fetch(`${aws.client.endpoint}/_aws/execute-api/${RestApiId}/dev/stripe`, {
      method: 'POST',
      body: '{}',
    });
    expect(response.status).toBe(200);

    const changed = {
      RestApiId,
      DeploymentId,
      StageName: 'dev',
      Variables: { colour: 'blue' },
      MethodSettings: [{ ResourcePath: '/~1stripe', HttpMethod: 'POST', ThrottlingRateLimit: 3 }],
    };
    await type('Stage').update('dev', changed, stated, context);
    const live = await get();
    expect(Object.keys(live.methodSettings ?? {})).toEqual(['~1stripe/POST']);
    expect(live).toMatchObject({ tracingEnabled: false, variables: { colour: 'blue' } });
    expect(await type('Stage').read('dev', changed, context)).toEqual(changed);
  });

  it('refuses logging without the account role, and leaves no stage', async () => {
    const aws = await apiCloud();
    const { RestApiId, DeploymentId, make, type, context } = await webhook(aws);
    const stated = {
      RestApiId,
      DeploymentId,
      StageName: 'dev',
      MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', LoggingLevel: 'INFO' }],
    };
    await expect(make('Stage', stated)).rejects.toMatchObject({
      message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
    });
    expect(await type('Stage').read('dev', stated, context)).toBeUndefined();
    const wrong = {
      ...stated,
      MethodSettings: [{ ResourcePath: '*', HttpMethod: '*', ThrottlingRateLimit: 1 }],
    };
    await expect(make('Stage', wrong)).rejects.toMatchObject({
      message: expect.stringMatching(/must start with \//),
    });
  });

  it('reads methods as they are and removes everything again', async () => {
    const aws = await apiCloud();
    const { RestApiId, method, methodId, DeploymentId, type, context } = await webhook(aws);
    expect(await type('Method').read(methodId, method, context)).toEqual(method);
    const longer = { ...method, Integration: { ...method.Integration, TimeoutInMillis: 20_000 } };
    await type('Method').update(methodId, longer, method, context);
    expect(await type('Method').read(methodId, longer, context)).toEqual(longer);
    await type('Method').delete(methodId, longer, context);
    expect(await type('Method').read(methodId, longer, context)).toBeUndefined();
    await type('Deployment').delete(DeploymentId, { RestApiId }, context);
    await type('RestApi').delete(RestApiId, {}, context);
    expect(await type('RestApi').read(RestApiId, { Name: 'shop' }, context)).toBeUndefined();
  });

  it('takes the body that SAM produces', async () => {
    const aws = await apiCloud();
    const { make, type, context } = stack(aws);
    const functionArn = await createFunction(aws, 'hook', ECHO);
    const Body = {
      swagger: '2.0',
      info: { version: '1.0', title: 'sam-app' },
      paths: {
        '/webhook': {
          post: {
            'x-amazon-apigateway-integration': {
              httpMethod: 'POST',
              type: 'aws_proxy',
              uri: invocationUri(functionArn),
            },
            responses: {},
          },
        },
      },
    };
    const stated = { Body, BinaryMediaTypes: ['image/png'] };
    const { physicalId } = await make('RestApi', stated);
    expect(await paths(aws, physicalId)).toEqual({ '/': [], '/webhook': ['POST'] });
    expect(await type('RestApi').read(physicalId, { Name: 'sam-app', ...stated }, context)).toEqual({
      Name: 'sam-app',
      ...stated,
    });
    const deployment = await make('Deployment', { RestApiId: physicalId, StageName: 'Stage' });
    await make('Stage', { RestApiId: physicalId, DeploymentId: deployment.physicalId, StageName: 'Prod' });
    const secured = {
      ...Body,
      paths: { '/x': { post: { ...Body.paths['/webhook'].post, security: [{ key: [] }] } } },
    };
    await expect(
      type('RestApi').update(physicalId, { ...stated, Body: secured }, stated, context),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/does not support security of POST \/x/),
    });
    expect(await paths(aws, physicalId)).toEqual({ '/': [], '/webhook': ['POST'] });
  });
});
