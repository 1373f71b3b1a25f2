import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { boolean, ignoreMissing, livePart, lowerFirst, stated } from './values.js';

/** `AWS::ApiGateway::Method` with its integration and responses. */
export const methodType: ResourceType = {
  properties: [
    'RestApiId',
    'ResourceId',
    'HttpMethod',
    'AuthorizationType',
    'AuthorizationScopes',
    'AuthorizerId',
    'ApiKeyRequired',
    'Integration',
    'MethodResponses',
    'OperationName',
    'RequestModels',
    'RequestParameters',
    'RequestValidatorId',
  ],
  required: ['RestApiId', 'ResourceId', 'HttpMethod'],
  createOnly: ['RestApiId', 'ResourceId', 'HttpMethod'],

  async create(properties, context) {
    await put(properties, context);
    const { RestApiId, ResourceId, HttpMethod } = properties;
    return { physicalId: `${RestApiId}|${ResourceId}|${HttpMethod}`, attributes: {} };
  },

  /** A deployed stage does not notice: that takes a new deployment. */
  async update(physicalId, next, _previous, context) {
    await remove(next, context);
    await put(next, context);
    return { physicalId, attributes: {} };
  },

  async delete(_physicalId, properties, context) {
    await remove(properties, context);
  },

  async read(_physicalId, properties, context) {
    const live = await context.call('apigateway', 'GetMethod', target(properties)).catch(ignoreMissing);
    if (!live) return undefined;
    return livePart(properties, {
      ...properties,
      AuthorizationType: live.authorizationType,
      ApiKeyRequired: live.apiKeyRequired,
      OperationName: live.operationName,
      Integration: liveIntegration((properties.Integration ?? {}) as Properties, live.methodIntegration),
    });
  },
};

function target({ RestApiId, ResourceId, HttpMethod }: Properties) {
  return { restApiId: RestApiId, resourceId: ResourceId, httpMethod: HttpMethod };
}

async function put(properties: Properties, context: ResourceContext): Promise<void> {
  const at = target(properties);
  const {
    AuthorizationType,
    ApiKeyRequired,
    AuthorizerId,
    OperationName,
    RequestParameters,
    RequestValidatorId,
  } = properties;
  await context.call('apigateway', 'PutMethod', {
    ...at,
    ...stated({
      authorizationType: AuthorizationType,
      apiKeyRequired: boolean(ApiKeyRequired),
      authorizerId: AuthorizerId,
      operationName: OperationName,
      requestParameters: RequestParameters,
      requestValidatorId: RequestValidatorId,
    }),
  });
  try {
    for (const response of (properties.MethodResponses ?? []) as Properties[])
      await context.call('apigateway', 'PutMethodResponse', {
        ...at,
        ...lowerFirst(response),
        statusCode: String(response.StatusCode),
      });
    await putIntegration(properties, context);
  } catch (error) {
    await remove(properties, context);
    throw error;
  }
}

async function putIntegration(properties: Properties, context: ResourceContext): Promise<void> {
  const integration = properties.Integration as Properties | undefined;
  if (!integration) return;
  const { IntegrationHttpMethod, IntegrationResponses, ...rest } = integration;
  const { httpMethod, ...at } = target(properties);
  await context.call('apigateway', 'PutIntegration', {
    ...lowerFirst(rest),
    ...at,
    resourceMethod: httpMethod,
    ...stated({ httpMethod: IntegrationHttpMethod }),
  });
  for (const response of (IntegrationResponses ?? []) as Properties[])
    await context.call('apigateway', 'PutIntegrationResponse', {
      ...at,
      httpMethod,
      ...lowerFirst(response),
      statusCode: String(response.StatusCode),
    });
}

async function remove(properties: Properties, context: ResourceContext): Promise<void> {
  await context.call('apigateway', 'DeleteMethod', target(properties)).catch(ignoreMissing);
}

function liveIntegration(wanted: Properties, live: Properties | undefined): Properties | undefined {
  if (!live) return undefined;
  const shown = Object.fromEntries(
    Object.entries(live).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );
  return livePart(wanted, {
    ...shown,
    IntegrationHttpMethod: live.httpMethod,
    IntegrationResponses: wanted.IntegrationResponses,
  });
}
