import { type Endpoint, endpoint, type PageInput, paged } from '../endpoint.js';
import { badRequest, conflict } from '../errors.js';
import type { ResourceRecord } from '../records.js';
import { type ApiGatewayState, newId } from '../state.js';

interface ResourceInput {
  restApiId: string;
  resourceId: string;
}

const PATH = '/restapis/{restApiId}/resources';

export function resourceEndpoints(state: ApiGatewayState): Endpoint[] {
  return [
    endpoint(
      'POST',
      `${PATH}/{parentId}`,
      'CreateResource',
      (input: { restApiId: string; parentId: string; pathPart?: string }, call) => {
        state.api(input.restApiId, call.region);
        return shown(create(state, input));
      },
      { status: 201 },
    ),
    endpoint(
      'GET',
      PATH,
      'GetResources',
      (input: PageInput & { restApiId: string; embed?: string | string[] }, call) => {
        state.api(input.restApiId, call.region);
        return paged(state.resourcesOf(input.restApiId), input, (resource) => shown(resource, input.embed));
      },
    ),
    endpoint(
      'GET',
      `${PATH}/{resourceId}`,
      'GetResource',
      (input: ResourceInput & { embed?: string | string[] }, call) => {
        state.api(input.restApiId, call.region);
        return shown(state.resource(input.restApiId, input.resourceId), input.embed);
      },
    ),
    endpoint(
      'DELETE',
      `${PATH}/{resourceId}`,
      'DeleteResource',
      (input: ResourceInput, call) => {
        state.api(input.restApiId, call.region);
        remove(state, state.resource(input.restApiId, input.resourceId));
      },
      { status: 202 },
    ),
  ];
}

function create(
  state: ApiGatewayState,
  { restApiId, parentId, pathPart }: { restApiId: string; parentId: string; pathPart?: string },
): ResourceRecord {
  const parent = state.resource(restApiId, parentId);
  if (pathPart === undefined || !/^(\{[a-zA-Z0-9._-]+\+?\}|[a-zA-Z0-9._:-]+)$/.test(pathPart))
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  if (parent.pathPart?.endsWith('+}'))
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.path}`);
  const siblings = state.resourcesOf(restApiId).filter((resource) => resource.parentId === parentId);
  if (siblings.some((resource) => resource.pathPart === pathPart))
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  if (pathPart.startsWith('{') && siblings.some((resource) => resource.pathPart?.startsWith('{')))
    throw badRequest('A sibling of this resource already has a variable path part -- only one is allowed');
  const path = parent.path === '/' ? `/${pathPart}` : `${parent.path}/${pathPart}`;
  return state.saveResource({ apiId: restApiId, id: newId(6), parentId, pathPart, path, methods: {} });
}

/** With everything below it. */
function remove(state: ApiGatewayState, resource: ResourceRecord): void {
  if (resource.parentId === undefined) throw badRequest('Root resource cannot be deleted');
  for (const child of state.resourcesOf(resource.apiId))
    if (child.id === resource.id || child.path.startsWith(`${resource.path}/`))
      state.resources.delete(`${resource.apiId}/${child.id}`);
}

function shown(resource: ResourceRecord, embed?: string | string[]): object {
  const { id, parentId, pathPart, path, methods } = resource;
  const whole = [embed ?? []].flat().includes('methods');
  const shownMethods = whole
    ? methods
    : Object.fromEntries(Object.keys(methods).map((method) => [method, {}]));
  return {
    id,
    ...(parentId !== undefined && { parentId, pathPart }),
    path,
    ...(Object.keys(methods).length > 0 && { resourceMethods: shownMethods }),
  };
}
