import type { ResourceType } from '../../../kernel/resource-type.js';
import { ignoreMissing, livePart, stated } from './values.js';

/** `AWS::ApiGateway::Deployment`: a snapshot. Changes of the API reach a stage only through a new one. */
export const deploymentType: ResourceType = {
  properties: ['RestApiId', 'Description', 'StageName', 'StageDescription'],
  required: ['RestApiId'],
  createOnly: ['RestApiId', 'StageName', 'StageDescription', 'Description'],

  async create({ RestApiId, Description, StageName, StageDescription }, context) {
    const settings = (StageDescription ?? {}) as { Description?: string; Variables?: Record<string, string> };
    const { id } = await context.call('apigateway', 'CreateDeployment', {
      restApiId: RestApiId,
      ...stated({
        description: Description,
        stageName: StageName,
        stageDescription: settings.Description,
        variables: settings.Variables,
      }),
    });
    return { physicalId: id, attributes: { DeploymentId: id } };
  },

  async delete(physicalId, { RestApiId, StageName }, context) {
    // A stage that the deployment made goes with it, unless it serves another by now.
    if (StageName !== undefined) {
      const at = { restApiId: RestApiId, stageName: StageName };
      const stage = await context.call('apigateway', 'GetStage', at).catch(ignoreMissing);
      if (stage?.deploymentId === physicalId) await context.call('apigateway', 'DeleteStage', at);
    }
    await context
      .call('apigateway', 'DeleteDeployment', { restApiId: RestApiId, deploymentId: physicalId })
      .catch(ignoreMissing);
  },

  async read(physicalId, properties, context) {
    const live = await context
      .call('apigateway', 'GetDeployment', { restApiId: properties.RestApiId, deploymentId: physicalId })
      .catch(ignoreMissing);
    return live && livePart(properties, { ...properties, Description: live.description });
  },
};
