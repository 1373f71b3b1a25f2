import type { ServiceFactory } from '../../kernel/service.js';
import { httpFront } from './front/front.js';
import { accountEndpoints } from './operations/account.js';
import { deploymentEndpoints } from './operations/deployments.js';
import { methodEndpoints } from './operations/methods.js';
import { resourceEndpoints } from './operations/resources.js';
import { restApiEndpoints } from './operations/rest-apis.js';
import { stageEndpoints } from './operations/stages.js';
import { tagEndpoints } from './operations/tags.js';
import { resourceTypes } from './resource-types/index.js';
import { ApiGatewayState } from './state.js';

/** Amazon API Gateway: REST APIs, and the front that serves their stages. */
export const apigatewayService: ServiceFactory = (cloud) => {
  const state = new ApiGatewayState(cloud);
  const endpoints = [
    ...restApiEndpoints(state),
    ...resourceEndpoints(state),
    ...methodEndpoints(state),
    ...deploymentEndpoints(state),
    ...stageEndpoints(state),
    ...accountEndpoints(state),
    ...tagEndpoints(state),
  ];
  cloud.provide('httpFront', httpFront(cloud, state));
  return {
    name: 'apigateway',
    protocol: 'rest-json',
    routes: endpoints.map(({ route }) => route),
    operations: Object.fromEntries(endpoints.map(({ route, operation }) => [route.operation, operation])),
    resourceTypes,
  };
};
