import { randomBytes, randomUUID } from 'node:crypto';
import type { LocalCloud } from '../../../kernel/cloud.js';
import type { HttpFrontPort } from '../../../kernel/ports.js';
import { settingsFor } from '../method-settings.js';
import { ACCOUNT_THROTTLE, type RestApiRecord, type StageRecord } from '../records.js';
import type { ApiGatewayState } from '../state.js';
import { callLambda } from './lambda-proxy.js';
import { countRequest } from './metrics.js';
import { mockResponse } from './mock.js';
import type { FrontRequest } from './proxy-event.js';
import { type FrontResponse, GATEWAY } from './responses.js';
import { findRoute, type RouteMatch } from './routing.js';
import { Throttle } from './throttle.js';

/** Bytes. */
const MAXIMUM_PAYLOAD = 10 * 1024 * 1024;

/** Serves deployed stages as `execute-api` does. The API's id tells its region. */
export function httpFront(cloud: LocalCloud, state: ApiGatewayState): HttpFrontPort {
  const throttle = new Throttle(cloud.clock);
  return {
    handle: async (request) => {
      const api = state.apis.get(request.apiId);
      // A stage's name has no character that needs encoding, so nothing is decoded.
      const stageName = request.path.split('/')[1] ?? '';
      const stage = api && state.stages.get(`${api.id}/${stageName}`);
      if (!api || !stage || api.disableExecuteApiEndpoint)
        return identified(GATEWAY.forbidden(), randomUUID());
      return serve(cloud, state, throttle, request, api, stage);
    },
  };
}

async function serve(
  cloud: LocalCloud,
  state: ApiGatewayState,
  throttle: Throttle,
  request: FrontRequest,
  api: RestApiRecord,
  stage: StageRecord,
): Promise<FrontResponse> {
  const begun = performance.now();
  const requestId = randomUUID();
  const deployment = state.deployment(api.id, stage.deploymentId);
  const path = `/${request.path.split('/').slice(2).join('/')}`;
  const route = findRoute(deployment, request.method, path);
  let integrationLatency: number | undefined;
  const answer = async (): Promise<FrontResponse> => {
    if (!route) return GATEWAY.missingRoute();
    if (!admits(throttle, stage, route, request.method)) return GATEWAY.tooManyRequests();
    if (request.body.length > MAXIMUM_PAYLOAD) return GATEWAY.tooLarge();
    const integration = route.method.methodIntegration;
    if (integration?.type === 'MOCK') return mockResponse(integration);
    const called = performance.now();
    const { binaryMediaTypes } = deployment;
    const now = cloud.clock.now();
    const response = await callLambda(cloud, {
      request,
      api,
      stage,
      route,
      binaryMediaTypes,
      path,
      requestId,
      now,
    });
    integrationLatency = performance.now() - called;
    return response;
  };
  const response = await answer();
  countRequest(cloud, {
    api,
    stage,
    route,
    method: request.method,
    status: response.status,
    latency: performance.now() - begun,
    integrationLatency,
  });
  cloud.tell(
    'apigateway',
    `${request.method} ${route?.resourcePath ?? 'no route'} of ${api.id}/${stage.stageName}: ${response.status}`,
  );
  return identified(response, requestId);
}

/** Every method has its own bucket of the stage's size; the account's holds for all together. */
function admits(throttle: Throttle, stage: StageRecord, route: RouteMatch, method: string): boolean {
  const settings = settingsFor(
    stage,
    route.resourcePath,
    route.method.httpMethod === 'ANY' ? method : route.method.httpMethod,
  );
  // -1 stands for no limit of its own.
  const rate = settings.throttlingRateLimit < 0 ? ACCOUNT_THROTTLE.rateLimit : settings.throttlingRateLimit;
  const burst =
    settings.throttlingBurstLimit < 0 ? ACCOUNT_THROTTLE.burstLimit : settings.throttlingBurstLimit;
  const key = `${stage.apiId}/${stage.stageName}/${method}${route.resourcePath}`;
  return (
    throttle.admits(key, rate, burst) &&
    throttle.admits('account', ACCOUNT_THROTTLE.rateLimit, ACCOUNT_THROTTLE.burstLimit)
  );
}

function identified(response: FrontResponse, requestId: string): FrontResponse {
  return {
    ...response,
    headers: {
      ...response.headers,
      'x-amzn-requestid': requestId,
      'x-amz-apigw-id': randomBytes(11).toString('base64url'),
    },
  };
}
