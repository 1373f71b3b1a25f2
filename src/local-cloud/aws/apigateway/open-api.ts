import { parse } from 'yaml';
import { badRequest, unsupported } from './errors.js';
import { checkIntegration, checkMethod } from './method-checks.js';
import type { IntegrationRecord, MethodRecord, ResourceRecord, RestApiRecord } from './records.js';
import { type ApiGatewayState, newId } from './state.js';

/** As much of OpenAPI 2.0 and 3.0 as API Gateway's own extensions need. */
export interface Definition {
  info?: { title?: string; description?: string };
  paths?: Record<string, Record<string, OpenApiOperation>>;
  'x-amazon-apigateway-binary-media-types'?: string[];
  'x-amazon-apigateway-policy'?: unknown;
}

interface OpenApiOperation {
  operationId?: string;
  security?: unknown[];
  responses?: Record<string, object>;
  'x-amazon-apigateway-integration'?: {
    type?: string;
    httpMethod?: string;
    uri?: string;
    passthroughBehavior?: string;
    timeoutInMillis?: number;
    contentHandling?: string;
    requestTemplates?: Record<string, string>;
    responses?: Record<string, { statusCode?: string } & Partial<IntegrationRecord>>;
  };
}

const METHODS = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'x-amazon-apigateway-any-method',
]);

/** Reads JSON or YAML. Throws `BadRequestException`. */
export function parseDefinition(body: Uint8Array): Definition {
  const text = Buffer.from(body).toString('utf8');
  let definition: unknown;
  try {
    definition = parse(text);
  } catch (error) {
    throw badRequest(`Invalid OpenAPI input: ${(error as Error).message}`);
  }
  if (
    typeof definition !== 'object' ||
    definition === null ||
    !('paths' in definition || 'info' in definition)
  )
    throw badRequest('Invalid OpenAPI input: there are no paths.');
  return definition as Definition;
}

/** Adds the definition's paths to the API; `overwrite` removes those that it had. */
export function importDefinition(
  state: ApiGatewayState,
  api: RestApiRecord,
  definition: Definition,
  overwrite: boolean,
): RestApiRecord {
  if (definition['x-amazon-apigateway-policy'] !== undefined) throw unsupported('a resource policy');
  // Everything is checked before anything changes.
  const methods = Object.entries(definition.paths ?? {}).map(
    ([path, item]) => [path, methodsOf(path, item)] as const,
  );
  if (overwrite) clear(state, api);
  for (const [path, found] of methods) {
    const resource = resourceAt(state, api, path);
    state.saveResource({ ...resource, methods: { ...resource.methods, ...found } });
  }
  const binaryMediaTypes = definition['x-amazon-apigateway-binary-media-types'];
  const { title, description } = definition.info ?? {};
  return state.apis.set(api.id, {
    ...api,
    ...(overwrite && title ? { name: title } : {}),
    ...(description !== undefined && { description }),
    ...(binaryMediaTypes && { binaryMediaTypes }),
  });
}

function methodsOf(path: string, item: Record<string, OpenApiOperation>): Record<string, MethodRecord> {
  const methods: Record<string, MethodRecord> = {};
  for (const [key, operation] of Object.entries(item)) {
    if (!METHODS.has(key.toLowerCase())) continue;
    const httpMethod = key.startsWith('x-') ? 'ANY' : key.toUpperCase();
    if ((operation.security ?? []).length > 0) throw unsupported(`security of ${httpMethod} ${path}`);
    const stated = operation['x-amazon-apigateway-integration'];
    methods[httpMethod] = {
      ...checkMethod({ httpMethod, authorizationType: 'NONE' }),
      ...(operation.operationId !== undefined && { operationName: operation.operationId }),
      ...(operation.responses && {
        methodResponses: Object.fromEntries(
          Object.keys(operation.responses).map((statusCode) => [statusCode, { statusCode }]),
        ),
      }),
      ...(stated && { methodIntegration: toIntegration(stated) }),
    };
  }
  return methods;
}

function toIntegration(
  stated: NonNullable<OpenApiOperation['x-amazon-apigateway-integration']>,
): IntegrationRecord {
  const { responses, ...rest } = stated;
  const integration = checkIntegration({
    ...rest,
    type: String(stated.type ?? '').toUpperCase(),
    ...(stated.httpMethod !== undefined && { integrationHttpMethod: stated.httpMethod }),
    ...(stated.passthroughBehavior !== undefined && {
      passthroughBehavior: stated.passthroughBehavior.toUpperCase(),
    }),
  });
  if (!responses) return integration;
  const integrationResponses = Object.entries(responses).map(([pattern, response]) => {
    const statusCode = String(response.statusCode ?? '200');
    return [
      statusCode,
      { ...response, statusCode, ...(pattern !== 'default' && { selectionPattern: pattern }) },
    ];
  });
  return { ...integration, integrationResponses: Object.fromEntries(integrationResponses) };
}

function clear(state: ApiGatewayState, api: RestApiRecord): void {
  for (const resource of state.resourcesOf(api.id)) {
    if (resource.id === api.rootResourceId) state.saveResource({ ...resource, methods: {} });
    else state.resources.delete(`${api.id}/${resource.id}`);
  }
}

/** The resource of a path, with those above it. */
function resourceAt(state: ApiGatewayState, api: RestApiRecord, path: string): ResourceRecord {
  let at = state.resource(api.id, api.rootResourceId);
  for (const pathPart of path.split('/').filter(Boolean)) {
    const below: string = at.path === '/' ? `/${pathPart}` : `${at.path}/${pathPart}`;
    const existing = state.resourcesOf(api.id).find((resource) => resource.path === below);
    at =
      existing ??
      state.saveResource({
        apiId: api.id,
        id: newId(6),
        parentId: at.id,
        pathPart,
        path: below,
        methods: {},
      });
  }
  return at;
}
