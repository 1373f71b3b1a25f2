import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { startTestCloud } from '../../support/local-cloud.js';
import { until } from '../lambda/lambda-cloud.js';

const TEMPLATE = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
    Hook: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: 'exports.handler = async (event) => ({ statusCode: 202, body: event.body })' },
        Timeout: 10,
        Environment: { Variables: { STAGE: 'dev' } },
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shop/hook' },
      },
    },
    Retries: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Hook' }, Qualifier: '$LATEST', MaximumRetryAttempts: 1 },
    },
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { Name: 'shop', EndpointConfiguration: { Types: ['REGIONAL'] } },
    },
    Path: {
      Type: 'AWS::ApiGateway::Resource',
      Properties: {
        RestApiId: { Ref: 'Api' },
        ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
        PathPart: 'hook',
      },
    },
    Post: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        ResourceId: { Ref: 'Path' },
        HttpMethod: 'POST',
        AuthorizationType: 'NONE',
        Integration: {
          Type: 'AWS_PROXY',
          IntegrationHttpMethod: 'POST',
          Uri: {
            'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Hook.Arn}/invocations`,
          },
        },
      },
    },
    Deployment: {
      Type: 'AWS::ApiGateway::Deployment',
      DependsOn: 'Post',
      Properties: { RestApiId: { Ref: 'Api' } },
    },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: {
        RestApiId: { Ref: 'Api' },
        DeploymentId: { Ref: 'Deployment' },
        StageName: 'dev',
        MethodSettings: [
          { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 25, ThrottlingBurstLimit: 50 },
        ],
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Hook' },
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: {
          'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/dev/POST/hook`,
        },
      },
    },
  },
  Outputs: { ApiId: { Value: { Ref: 'Api' } } },
};

it('a stack deploys a webhook that answers, stays in sync, and is gone after its deletion', async () => {
  const aws = await startTestCloud();
  const stacks = new CloudFormationClient(aws.client);
  const StackName = 'shop';
  const TemplateBody = JSON.stringify(TEMPLATE);
  await stacks.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }));
  const stack = await until(async () => {
    const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0]?.StackStatus?.endsWith('_IN_PROGRESS') ? undefined : Stacks?.[0];
  });
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  const apiId = stack.Outputs?.[0]?.OutputValue;
  const response = await fetch(`${aws.aws}/_aws/execute-api/${apiId}/dev/hook`, {
    method: 'POST',
    body: '{"a": 1}',
  });
  expect([response.status, await response.text()]).toEqual([202, '{"a": 1}']);

  const { StackDriftDetectionId } = await stacks.send(new DetectStackDriftCommand({ StackName }));
  const drift = await until(async () => {
    const status = await stacks.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
    return status.DetectionStatus === 'DETECTION_COMPLETE' ? status : undefined;
  });
  expect(drift.StackDriftStatus).toBe('IN_SYNC');

  await stacks.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(
    { client: stacks, maxWaitTime: 20, minDelay: 0.1, maxDelay: 0.2 },
    { StackName },
  );
  expect((await new APIGatewayClient(aws.client).send(new GetRestApisCommand({}))).items).toEqual([]);
  expect((await new LambdaClient(aws.client).send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  await aws.close();
});
