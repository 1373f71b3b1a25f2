import type { ResourceType } from '../../../kernel/resource-type.js';
import { ignoreMissing } from './values.js';

/** `AWS::ApiGateway::Resource`: one part of a path. */
export const resourceType: ResourceType = {
  properties: ['RestApiId', 'ParentId', 'PathPart'],
  required: ['RestApiId', 'ParentId', 'PathPart'],
  createOnly: ['RestApiId', 'ParentId', 'PathPart'],
  identifiedBy: 'RestApiId',

  async create({ RestApiId, ParentId, PathPart }, context) {
    const { id } = await context.call('apigateway', 'CreateResource', {
      restApiId: RestApiId,
      parentId: ParentId,
      pathPart: PathPart,
    });
    return { physicalId: id, attributes: { ResourceId: id } };
  },

  async delete(physicalId, { RestApiId }, context) {
    await context
      .call('apigateway', 'DeleteResource', { restApiId: RestApiId, resourceId: physicalId })
      .catch(ignoreMissing);
  },

  async read(physicalId, { RestApiId }, context) {
    const live = await context
      .call('apigateway', 'GetResource', { restApiId: RestApiId, resourceId: physicalId })
      .catch(ignoreMissing);
    return live && { RestApiId, ParentId: live.parentId, PathPart: live.pathPart };
  },
};
