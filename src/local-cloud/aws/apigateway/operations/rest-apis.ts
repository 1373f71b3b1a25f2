import type { Call } from '../../../kernel/service.js';
import { type Endpoint, endpoint, type PageInput, paged } from '../endpoint.js';
import { badRequest, unsupported } from '../errors.js';
import { importDefinition, parseDefinition } from '../open-api.js';
import { applyPatch, decodePointer, type Patchable, type PatchOperation, toBoolean } from '../patch.js';
import type { RestApiRecord } from '../records.js';
import { type ApiGatewayState, newId } from '../state.js';

interface CreateRestApiInput {
  name?: string;
  description?: string;
  binaryMediaTypes?: string[];
  endpointConfiguration?: { types?: string[] };
  disableExecuteApiEndpoint?: boolean;
  minimumCompressionSize?: number;
  policy?: string;
  cloneFrom?: string;
  apiKeySource?: string;
  tags?: Record<string, string>;
}

interface ApiInput {
  restApiId: string;
}

export function restApiEndpoints(state: ApiGatewayState): Endpoint[] {
  return [
    endpoint(
      'POST',
      '/restapis',
      'ImportRestApi',
      (input: { body: Uint8Array }, call) => importApi(state, input, call),
      {
        status: 201,
        query: { mode: 'import' },
        payload: 'body',
      },
    ),
    endpoint(
      'POST',
      '/restapis',
      'CreateRestApi',
      (input: CreateRestApiInput, call) => shown(create(state, input, call)),
      {
        status: 201,
      },
    ),
    endpoint('GET', '/restapis', 'GetRestApis', (input: PageInput, call) => {
      const apis = state.apis.values().filter(({ region }) => region === call.region);
      return paged(apis, input, shown);
    }),
    endpoint('GET', '/restapis/{restApiId}', 'GetRestApi', (input: ApiInput, call) =>
      shown(state.api(input.restApiId, call.region)),
    ),
    endpoint(
      'PATCH',
      '/restapis/{restApiId}',
      'UpdateRestApi',
      (input: ApiInput & { patchOperations?: PatchOperation[] }, call) => {
        const api = applyPatch(state.api(input.restApiId, call.region), input.patchOperations, PATCHABLE);
        return shown(state.apis.set(api.id, api));
      },
    ),
    endpoint(
      'PUT',
      '/restapis/{restApiId}',
      'PutRestApi',
      (input: ApiInput & { mode?: string; body: Uint8Array }, call) => {
        const api = state.api(input.restApiId, call.region);
        return shown(importDefinition(state, api, parseDefinition(input.body), input.mode === 'overwrite'));
      },
      { payload: 'body' },
    ),
    endpoint(
      'DELETE',
      '/restapis/{restApiId}',
      'DeleteRestApi',
      (input: ApiInput, call) => remove(state, input, call),
      {
        status: 202,
      },
    ),
  ];
}

function create(state: ApiGatewayState, input: CreateRestApiInput, call: Call): RestApiRecord {
  if (!input.name) throw badRequest('No API name specified');
  for (const member of ['policy', 'cloneFrom'] as const)
    if (input[member] !== undefined) throw unsupported(`${member} of a REST API`);
  if ((input.apiKeySource ?? 'HEADER') !== 'HEADER') throw unsupported(`apiKeySource ${input.apiKeySource}`);
  const id = newId(10);
  const rootResourceId = newId(10);
  state.saveResource({ apiId: id, id: rootResourceId, path: '/', methods: {} });
  const { name, description, minimumCompressionSize } = input;
  const api = state.apis.set(id, {
    id,
    region: call.region,
    name,
    ...(description !== undefined && { description }),
    ...(minimumCompressionSize !== undefined && { minimumCompressionSize }),
    rootResourceId,
    binaryMediaTypes: input.binaryMediaTypes ?? [],
    endpointTypes: input.endpointConfiguration?.types ?? ['EDGE'],
    disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
    tags: input.tags ?? {},
    createdDate: call.cloud.clock.now(),
  });
  call.cloud.tell('apigateway', `REST API ${id} created`);
  return api;
}

function importApi(state: ApiGatewayState, { body }: { body: Uint8Array }, call: Call): object {
  const definition = parseDefinition(body);
  const api = create(state, { name: definition.info?.title ?? '' }, call);
  try {
    return shown(importDefinition(state, api, definition, true));
  } catch (error) {
    remove(state, { restApiId: api.id }, call);
    throw error;
  }
}

function remove(state: ApiGatewayState, { restApiId }: ApiInput, call: Call): void {
  state.api(restApiId, call.region);
  for (const { id } of state.resourcesOf(restApiId)) state.resources.delete(`${restApiId}/${id}`);
  for (const { stageName } of state.stagesOf(restApiId)) state.stages.delete(`${restApiId}/${stageName}`);
  for (const { id } of state.deploymentsOf(restApiId)) state.deployments.delete(`${restApiId}/${id}`);
  state.apis.delete(restApiId);
  call.cloud.tell('apigateway', `REST API ${restApiId} deleted`);
}

const PATCHABLE: Patchable<RestApiRecord>[] = [
  [/^\/name$/, (api, value) => ({ ...api, name: value ?? api.name })],
  [
    /^\/description$/,
    ({ description: _before, ...api }, value) => (value === undefined ? api : { ...api, description: value }),
  ],
  [
    /^\/disableExecuteApiEndpoint$/,
    (api, value) => ({ ...api, disableExecuteApiEndpoint: toBoolean(value) }),
  ],
  [
    /^\/binaryMediaTypes\/(.+)$/,
    (api, _value, [encoded], op) => {
      const type = decodePointer(encoded as string);
      const others = api.binaryMediaTypes.filter((one) => one !== type);
      return { ...api, binaryMediaTypes: op === 'remove' ? others : [...others, type] };
    },
  ],
  [/^\/endpointConfiguration\/types\/\w+$/, (api, value) => ({ ...api, endpointTypes: [value ?? 'EDGE'] })],
];

function shown(api: RestApiRecord): object {
  return {
    id: api.id,
    name: api.name,
    ...(api.description !== undefined && { description: api.description }),
    createdDate: new Date(api.createdDate),
    ...(api.binaryMediaTypes.length > 0 && { binaryMediaTypes: api.binaryMediaTypes }),
    ...(api.minimumCompressionSize !== undefined && { minimumCompressionSize: api.minimumCompressionSize }),
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: api.endpointTypes },
    ...(Object.keys(api.tags).length > 0 && { tags: api.tags }),
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    rootResourceId: api.rootResourceId,
  };
}
