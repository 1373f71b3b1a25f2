import { badRequest, unsupported } from './errors.js';
import type { IntegrationRecord, MethodRecord } from './records.js';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'ANY'];
const LAMBDA_URI = /^arn:aws:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/.+\/invocations$/;

export interface PutMethodInput {
  httpMethod: string;
  authorizationType?: string;
  apiKeyRequired?: boolean;
  operationName?: string;
  requestParameters?: Record<string, boolean>;
  authorizerId?: string;
  requestValidatorId?: string;
}

export interface PutIntegrationInput {
  type?: string;
  integrationHttpMethod?: string | undefined;
  uri?: string;
  passthroughBehavior?: string;
  contentHandling?: string;
  requestTemplates?: Record<string, string>;
  requestParameters?: Record<string, string>;
  timeoutInMillis?: number;
  cacheNamespace?: string;
  cacheKeyParameters?: string[];
  connectionType?: string;
  credentials?: string;
}

/** Throws `BadRequestException`, also for what would need an authoriser or keys. */
export function checkMethod(input: PutMethodInput): MethodRecord {
  if (!METHODS.includes(input.httpMethod))
    throw badRequest(`Invalid HTTP method specified: ${input.httpMethod}`);
  const authorizationType = input.authorizationType ?? 'NONE';
  if (authorizationType !== 'NONE') throw unsupported(`authorizationType ${authorizationType}`);
  if (input.apiKeyRequired === true) throw unsupported('apiKeyRequired');
  if (input.requestValidatorId !== undefined) throw unsupported('request validation');
  const { httpMethod, operationName, requestParameters } = input;
  return {
    httpMethod,
    authorizationType,
    apiKeyRequired: false,
    ...(operationName !== undefined && { operationName }),
    ...(requestParameters && { requestParameters }),
  };
}

/** Throws `BadRequestException`, also for backends other than Lambda by proxy. */
export function checkIntegration(input: PutIntegrationInput, cacheNamespace = ''): IntegrationRecord {
  const { type, uri, integrationHttpMethod, contentHandling, requestTemplates } = input;
  if (type !== 'AWS_PROXY' && type !== 'MOCK') throw unsupported(`integration type ${type}`);
  if (input.credentials !== undefined) throw unsupported('credentials of an integration');
  if ((input.connectionType ?? 'INTERNET') !== 'INTERNET')
    throw unsupported(`connectionType ${input.connectionType}`);
  if (type === 'AWS_PROXY') {
    if (integrationHttpMethod === undefined)
      throw badRequest('Enumeration value for HttpMethod must be non-empty');
    if (uri === undefined || !LAMBDA_URI.test(uri))
      throw badRequest(`Invalid ARN specified in the request: ${uri}`);
  }
  const timeoutInMillis = Number(input.timeoutInMillis ?? 29_000);
  if (!(timeoutInMillis >= 50 && timeoutInMillis <= 29_000))
    throw badRequest('Timeout should be between 50 ms and 29000 ms');
  return {
    type,
    ...(integrationHttpMethod !== undefined && { httpMethod: integrationHttpMethod }),
    ...(uri !== undefined && { uri }),
    passthroughBehavior: input.passthroughBehavior ?? 'WHEN_NO_MATCH',
    ...(contentHandling !== undefined && { contentHandling }),
    ...(requestTemplates && { requestTemplates }),
    timeoutInMillis,
    cacheNamespace: input.cacheNamespace ?? cacheNamespace,
    cacheKeyParameters: input.cacheKeyParameters ?? [],
  };
}
