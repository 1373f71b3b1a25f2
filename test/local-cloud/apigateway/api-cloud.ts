import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  type CreateRestApiCommandInput,
  GetResourcesCommand,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { apigatewayService } from '../../../src/local-cloud/aws/apigateway/index.js';
import { createFunction, type LambdaCloud, lambdaCloud, REGION } from '../lambda/lambda-cloud.js';

export interface ApiCloud extends LambdaCloud {
  api: APIGatewayClient;
}

export async function apiCloud(clock: 'hasten' | 'manual' = 'hasten'): Promise<ApiCloud> {
  const aws = await lambdaCloud({ clock, services: [apigatewayService] });
  return Object.assign(aws, { api: new APIGatewayClient(aws.client) });
}

export const ECHO =
  'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })';

/** An API whose `POST /webhooks/stripe` is served by a function of the given source, deployed to `prod`. */
export async function deployedApi(
  aws: ApiCloud,
  source: string,
  more: {
    api?: Partial<CreateRestApiCommandInput>;
    integration?: Partial<PutIntegrationCommandInput>;
    permit?: boolean;
  } = {},
): Promise<{ apiId: string; url: string; functionArn: string; resourceId: string }> {
  const functionArn = await createFunction(aws, 'hook', source);
  const { id: apiId, rootResourceId } = await aws.api.send(
    new CreateRestApiCommand({ name: 'shop', ...more.api }),
  );
  const { id: parentId } = await aws.api.send(
    new CreateResourceCommand({ restApiId: apiId, parentId: rootResourceId, pathPart: 'webhooks' }),
  );
  const { id: resourceId } = await aws.api.send(
    new CreateResourceCommand({ restApiId: apiId, parentId, pathPart: 'stripe' }),
  );
  const at = { restApiId: apiId as string, resourceId: resourceId as string, httpMethod: 'POST' };
  await aws.api.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await aws.api.send(
    new PutIntegrationCommand({
      ...at,
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: invocationUri(functionArn),
      ...more.integration,
    }),
  );
  await aws.api.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: 'prod' }));
  if (more.permit !== false)
    await permit(aws, `arn:aws:execute-api:${REGION}:123456789012:${apiId}/*/POST/webhooks/stripe`);
  return {
    apiId: apiId as string,
    resourceId: resourceId as string,
    functionArn,
    url: `${aws.client.endpoint}/_aws/execute-api/${apiId}/prod/webhooks/stripe`,
  };
}

export function invocationUri(functionArn: string): string {
  return `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

export async function permit(aws: ApiCloud, SourceArn: string): Promise<void> {
  await aws.lambda.send(
    new AddPermissionCommand({
      FunctionName: 'hook',
      StatementId: 'front',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn,
    }),
  );
}

export async function paths(aws: ApiCloud, restApiId: string): Promise<Record<string, string[]>> {
  const { items } = await aws.api.send(new GetResourcesCommand({ restApiId }));
  return Object.fromEntries(
    (items ?? []).map(({ path, resourceMethods }) => [path, Object.keys(resourceMethods ?? {})]),
  );
}
