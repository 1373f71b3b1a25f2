import { type Endpoint, endpoint } from '../endpoint.js';
import { badRequest, conflict, unsupported } from '../errors.js';
import { checkLoggingRole, METHOD_SETTING, methodSetting } from '../method-settings.js';
import { applyPatch, type Patchable, type PatchOperation, toBoolean } from '../patch.js';
import type { StageRecord } from '../records.js';
import type { ApiGatewayState } from '../state.js';

export interface CreateStageInput {
  restApiId: string;
  stageName: string;
  deploymentId: string;
  description?: string;
  variables?: Record<string, string>;
  tracingEnabled?: boolean;
  cacheClusterEnabled?: boolean;
  canarySettings?: unknown;
  documentationVersion?: string;
  tags?: Record<string, string>;
}

interface StageInput {
  restApiId: string;
  stageName: string;
}

const PATH = '/restapis/{restApiId}/stages';

export function stageEndpoints(state: ApiGatewayState): Endpoint[] {
  return [
    endpoint(
      'POST',
      PATH,
      'CreateStage',
      (input: CreateStageInput, call) => {
        state.api(input.restApiId, call.region);
        if (state.stages.has(`${input.restApiId}/${input.stageName}`)) throw conflict('Stage already exists');
        state.deployment(input.restApiId, input.deploymentId);
        return shown(state.saveStage(newStage(state, input)));
      },
      { status: 201 },
    ),
    endpoint('GET', PATH, 'GetStages', (input: { restApiId: string; deploymentId?: string }, call) => {
      state.api(input.restApiId, call.region);
      const stages = state
        .stagesOf(input.restApiId)
        .filter((stage) => input.deploymentId === undefined || stage.deploymentId === input.deploymentId);
      return { item: stages.map(shown) };
    }),
    endpoint('GET', `${PATH}/{stageName}`, 'GetStage', (input: StageInput, call) => {
      state.api(input.restApiId, call.region);
      return shown(state.stage(input.restApiId, input.stageName));
    }),
    endpoint(
      'PATCH',
      `${PATH}/{stageName}`,
      'UpdateStage',
      (input: StageInput & { patchOperations?: PatchOperation[] }, call) => {
        state.api(input.restApiId, call.region);
        const before = state.stage(input.restApiId, input.stageName);
        const stage = applyPatch(before, input.patchOperations, PATCHABLE);
        if (stage.deploymentId !== before.deploymentId) state.deployment(input.restApiId, stage.deploymentId);
        checkLoggingRole(state, stage, call.region);
        return shown(state.saveStage(stage));
      },
    ),
    endpoint(
      'DELETE',
      `${PATH}/{stageName}`,
      'DeleteStage',
      (input: StageInput, call) => {
        state.api(input.restApiId, call.region);
        state.stage(input.restApiId, input.stageName);
        state.stages.delete(`${input.restApiId}/${input.stageName}`);
      },
      { status: 202 },
    ),
  ];
}

/** Throws `BadRequestException`. */
export function newStage(state: ApiGatewayState, input: CreateStageInput): StageRecord {
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(input.stageName)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
  if (input.cacheClusterEnabled === true) throw unsupported('a cache cluster');
  if (input.canarySettings !== undefined) throw unsupported('canary settings');
  const now = state.cloud.clock.now();
  return {
    apiId: input.restApiId,
    stageName: input.stageName,
    deploymentId: input.deploymentId,
    ...(input.description !== undefined && { description: input.description }),
    variables: input.variables ?? {},
    methodSettings: {},
    tracingEnabled: input.tracingEnabled ?? false,
    tags: input.tags ?? {},
    createdDate: now,
    lastUpdatedDate: now,
  };
}

const PATCHABLE: Patchable<StageRecord>[] = [
  [/^\/deploymentId$/, (stage, value) => ({ ...stage, deploymentId: value ?? stage.deploymentId })],
  [
    /^\/description$/,
    ({ description: _before, ...stage }, value) =>
      value === undefined ? stage : { ...stage, description: value },
  ],
  [/^\/tracingEnabled$/, (stage, value) => ({ ...stage, tracingEnabled: toBoolean(value) })],
  [
    /^\/variables\/([^/]+)$/,
    (stage, value, [name]) => {
      const { [name as string]: _before, ...others } = stage.variables;
      return { ...stage, variables: value === undefined ? others : { ...others, [name as string]: value } };
    },
  ],
  [
    /^\/accessLogSettings(?:\/(destinationArn|format))?$/,
    ({ accessLogSettings, ...stage }, value, [member]) =>
      value === undefined
        ? stage
        : { ...stage, accessLogSettings: { ...accessLogSettings, [member as string]: value } },
  ],
  METHOD_SETTING,
  // Everything below a method: removed together.
  [/^\/([^/]*\/[A-Z*]+)$/, (stage, value, [key]) => methodSetting(stage, key as string, undefined, value)],
];

function shown(stage: StageRecord): object {
  const { apiId: _api, createdDate, lastUpdatedDate, tags, variables, ...rest } = stage;
  return {
    ...rest,
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(Object.keys(tags).length > 0 && { tags }),
    cacheClusterEnabled: false,
    cacheClusterStatus: 'NOT_AVAILABLE',
    createdDate: new Date(createdDate),
    lastUpdatedDate: new Date(lastUpdatedDate),
  };
}
