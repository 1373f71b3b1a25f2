import { randomBytes } from 'node:crypto';
import { ACCOUNT } from '../../../kernel/cloud.js';
import type { Ports } from '../../../kernel/ports.js';
import type { RestApiRecord, StageRecord } from '../records.js';
import { isBinary } from './media-types.js';
import type { RouteMatch } from './routing.js';

export type FrontRequest = Parameters<Ports['httpFront']['handle']>[0];

export interface ProxyEventInput {
  request: FrontRequest;
  api: RestApiRecord;
  stage: StageRecord;
  route: RouteMatch;
  binaryMediaTypes: string[];
  /** Without the stage. */
  path: string;
  requestId: string;
  /** Milliseconds. */
  now: number;
}

/** The event that a Lambda proxy integration gets: REST API, payload format 1.0. The body is what was sent, byte for byte. */
export function proxyEvent(input: ProxyEventInput): object {
  const { request, stage, route, path } = input;
  const headers = eventHeaders(input);
  const query = new URLSearchParams(request.query);
  const names = [...new Set(query.keys())];
  const binary = isBinary(request.headers['content-type'], input.binaryMediaTypes);
  return {
    resource: route.resourcePath,
    path,
    httpMethod: request.method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    // Of a repeated parameter the last value is the single one.
    queryStringParameters:
      names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, query.getAll(name).at(-1)])),
    multiValueQueryStringParameters:
      names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, query.getAll(name)])),
    pathParameters: route.pathParameters,
    stageVariables: Object.keys(stage.variables).length === 0 ? null : stage.variables,
    requestContext: requestContext(input),
    body: request.body.length === 0 ? null : request.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && request.body.length > 0,
  };
}

/**
 * With those that API Gateway adds. It hands names on as the sender wrote them; here they arrive in lower case, so they
 * get the spelling that HTTP/1.1 senders use (`Stripe-Signature`): code that looks for lower case only fails as on AWS.
 */
function eventHeaders({ request, api, now }: ProxyEventInput): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === 'connection' || name === 'transfer-encoding' || name === 'content-length') continue;
    headers[
      name.replace(/(^|-)([a-z])/g, (_whole, dash: string, letter: string) => dash + letter.toUpperCase())
    ] = value;
  }
  return {
    ...headers,
    Host: domainName(api),
    'X-Amzn-Trace-Id': `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
    'X-Forwarded-For': request.sourceIp,
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  };
}

function domainName(api: RestApiRecord): string {
  return `${api.id}.execute-api.${api.region}.amazonaws.com`;
}

function requestContext({ request, api, stage, route, requestId, now }: ProxyEventInput): object {
  return {
    resourceId: route.resourceId,
    resourcePath: route.resourcePath,
    httpMethod: request.method,
    extendedRequestId: randomBytes(11).toString('base64url'),
    requestTime: clfTime(now),
    path: request.path,
    accountId: ACCOUNT,
    protocol: 'HTTP/1.1',
    stage: stage.stageName,
    domainPrefix: api.id,
    requestTimeEpoch: now,
    requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: request.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: request.headers['user-agent'] ?? null,
      user: null,
    },
    domainName: domainName(api),
    deploymentId: stage.deploymentId,
    apiId: api.id,
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23/Nov/2026:09:26:53 +0000` */
function clfTime(milliseconds: number): string {
  const [date, time] = new Date(milliseconds).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-') as [string, string, string];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
