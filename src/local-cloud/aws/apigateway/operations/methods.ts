import type { Call } from '../../../kernel/service.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { badRequest, conflict, unknownIdentifier } from '../errors.js';
import {
  checkIntegration,
  checkMethod,
  type PutIntegrationInput,
  type PutMethodInput,
} from '../method-checks.js';
import type {
  IntegrationRecord,
  IntegrationResponseRecord,
  MethodRecord,
  ResourceRecord,
} from '../records.js';
import type { ApiGatewayState } from '../state.js';

interface MethodInput {
  restApiId: string;
  resourceId: string;
  httpMethod: string;
}

type StatusInput = MethodInput & { statusCode: string };

const PATH = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}';

export function methodEndpoints(state: ApiGatewayState): Endpoint[] {
  const find = (input: MethodInput, call: Call) => {
    state.api(input.restApiId, call.region);
    return state.method(input.restApiId, input.resourceId, input.httpMethod);
  };
  return [
    endpoint(
      'PUT',
      PATH,
      'PutMethod',
      (input: MethodInput & PutMethodInput, call) => {
        state.api(input.restApiId, call.region);
        const resource = state.resource(input.restApiId, input.resourceId);
        if (resource.methods[input.httpMethod]) throw conflict('Method already exists for this resource');
        return save(state, resource, checkMethod(input));
      },
      { status: 201 },
    ),
    endpoint('GET', PATH, 'GetMethod', (input: MethodInput, call) => find(input, call).method),
    endpoint(
      'DELETE',
      PATH,
      'DeleteMethod',
      (input: MethodInput, call) => {
        const { resource } = find(input, call);
        const { [input.httpMethod]: _gone, ...methods } = resource.methods;
        state.saveResource({ ...resource, methods });
      },
      { status: 204 },
    ),
    endpoint(
      'PUT',
      `${PATH}/responses/{statusCode}`,
      'PutMethodResponse',
      (input: StatusInput & { responseParameters?: object; responseModels?: object }, call) => {
        const { resource, method } = find(input, call);
        const { statusCode, responseParameters, responseModels } = input;
        if (method.methodResponses?.[statusCode]) throw conflict('Response already exists for this resource');
        const response = {
          statusCode,
          ...(responseParameters && { responseParameters }),
          ...(responseModels && { responseModels }),
        };
        save(state, resource, {
          ...method,
          methodResponses: { ...method.methodResponses, [statusCode]: response },
        });
        return response;
      },
      { status: 201 },
    ),
    ...integrationEndpoints(state, find),
  ];
}

type Find = (input: MethodInput, call: Call) => { resource: ResourceRecord; method: MethodRecord };

function integrationEndpoints(state: ApiGatewayState, find: Find): Endpoint[] {
  return [
    endpoint(
      'PUT',
      // The body's `httpMethod` is the backend's, so the path's own needs another name.
      PATH.replace('{httpMethod}', '{resourceMethod}/integration'),
      'PutIntegration',
      (input: MethodInput & PutIntegrationInput & { resourceMethod: string }, call) => {
        const { resource, method } = find({ ...input, httpMethod: input.resourceMethod }, call);
        const methodIntegration = checkIntegration(
          { ...input, integrationHttpMethod: input.httpMethod },
          input.resourceId,
        );
        save(state, resource, { ...method, methodIntegration });
        return methodIntegration;
      },
      { status: 201 },
    ),
    endpoint('GET', `${PATH}/integration`, 'GetIntegration', (input: MethodInput, call) =>
      integration(find(input, call).method),
    ),
    endpoint(
      'DELETE',
      `${PATH}/integration`,
      'DeleteIntegration',
      (input: MethodInput, call) => {
        const { resource, method } = find(input, call);
        integration(method);
        const { methodIntegration: _gone, ...rest } = method;
        save(state, resource, rest);
      },
      { status: 204 },
    ),
    endpoint(
      'PUT',
      `${PATH}/integration/responses/{statusCode}`,
      'PutIntegrationResponse',
      (input: StatusInput & Omit<IntegrationResponseRecord, 'statusCode'>, call) => {
        const { resource, method } = find(input, call);
        const { statusCode, selectionPattern, responseParameters, responseTemplates } = input;
        const before = integration(method);
        if (before.type === 'AWS_PROXY')
          throw badRequest('AWS_PROXY integrations have no integration responses');
        const response: IntegrationResponseRecord = {
          statusCode,
          ...(selectionPattern !== undefined && { selectionPattern }),
          ...(responseParameters && { responseParameters }),
          ...(responseTemplates && { responseTemplates }),
        };
        const integrationResponses = { ...before.integrationResponses, [statusCode]: response };
        save(state, resource, { ...method, methodIntegration: { ...before, integrationResponses } });
        return response;
      },
      { status: 201 },
    ),
  ];
}

function integration(method: MethodRecord): IntegrationRecord {
  if (!method.methodIntegration) throw unknownIdentifier('Integration');
  return method.methodIntegration;
}

function save(state: ApiGatewayState, resource: ResourceRecord, method: MethodRecord): MethodRecord {
  state.saveResource({ ...resource, methods: { ...resource.methods, [method.httpMethod]: method } });
  return method;
}
