import { type Endpoint, endpoint, type PageInput, paged } from '../endpoint.js';
import { badRequest } from '../errors.js';
import type { DeploymentRecord } from '../records.js';
import { type ApiGatewayState, newId } from '../state.js';
import { newStage } from './stages.js';

interface CreateDeploymentInput {
  restApiId: string;
  stageName?: string;
  stageDescription?: string;
  description?: string;
  variables?: Record<string, string>;
  tracingEnabled?: boolean;
}

interface DeploymentInput {
  restApiId: string;
  deploymentId: string;
}

const PATH = '/restapis/{restApiId}/deployments';

export function deploymentEndpoints(state: ApiGatewayState): Endpoint[] {
  return [
    endpoint(
      'POST',
      PATH,
      'CreateDeployment',
      (input: CreateDeploymentInput, call) => {
        const api = state.api(input.restApiId, call.region);
        const deployment = state.deployments.set(...snapshot(state, input, api.binaryMediaTypes));
        if (input.stageName !== undefined) deployTo(state, input.stageName, deployment, input);
        call.cloud.tell('apigateway', `REST API ${api.id} deployed`);
        return shown(deployment);
      },
      { status: 201 },
    ),
    endpoint('GET', PATH, 'GetDeployments', (input: PageInput & { restApiId: string }, call) => {
      state.api(input.restApiId, call.region);
      return paged(state.deploymentsOf(input.restApiId), input, shown);
    }),
    endpoint('GET', `${PATH}/{deploymentId}`, 'GetDeployment', (input: DeploymentInput, call) => {
      state.api(input.restApiId, call.region);
      return shown(state.deployment(input.restApiId, input.deploymentId));
    }),
    endpoint(
      'DELETE',
      `${PATH}/{deploymentId}`,
      'DeleteDeployment',
      (input: DeploymentInput, call) => {
        state.api(input.restApiId, call.region);
        const { id } = state.deployment(input.restApiId, input.deploymentId);
        if (state.stagesOf(input.restApiId).some(({ deploymentId }) => deploymentId === id))
          throw badRequest('Active stages pointing to this deployment must be moved or deleted');
        state.deployments.delete(`${input.restApiId}/${id}`);
      },
      { status: 202 },
    ),
  ];
}

/** Later changes of the API do not reach a deployment. */
function snapshot(
  state: ApiGatewayState,
  { restApiId: apiId, description }: CreateDeploymentInput,
  binaryMediaTypes: string[],
): [string, DeploymentRecord] {
  const resources = state.resourcesOf(apiId).filter(({ methods }) => Object.keys(methods).length > 0);
  if (resources.length === 0) throw badRequest("The REST API doesn't contain any methods");
  for (const { methods } of resources)
    for (const method of Object.values(methods))
      if (!method.methodIntegration) throw badRequest('No integration defined for method');
  const id = newId(6);
  const deployment: DeploymentRecord = {
    apiId,
    id,
    ...(description !== undefined && { description }),
    createdDate: state.cloud.clock.now(),
    resources: resources.map(({ id: resourceId, path, methods }) => ({ id: resourceId, path, methods })),
    binaryMediaTypes,
  };
  return [`${apiId}/${id}`, deployment];
}

function deployTo(
  state: ApiGatewayState,
  stageName: string,
  { apiId, id: deploymentId }: DeploymentRecord,
  input: CreateDeploymentInput,
): void {
  const existing = state.stages.get(`${apiId}/${stageName}`);
  if (existing) state.saveStage({ ...existing, deploymentId });
  else
    state.saveStage(
      newStage(state, {
        ...input,
        stageName,
        deploymentId,
        ...(input.stageDescription !== undefined && { description: input.stageDescription }),
      }),
    );
}

function shown({ id, description, createdDate }: DeploymentRecord): object {
  return { id, ...(description !== undefined && { description }), createdDate: new Date(createdDate) };
}
