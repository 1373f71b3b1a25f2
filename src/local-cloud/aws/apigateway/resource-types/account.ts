import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';

/** `AWS::ApiGateway::Account`: the region's one record. Deleting it leaves the role in place, as on AWS. */
export const accountType: ResourceType = {
  properties: ['CloudWatchRoleArn'],

  async create(properties, context) {
    await put(properties, context);
    return { physicalId: context.generatedName(64), attributes: {} };
  },

  async update(physicalId, next, _previous, context) {
    await put(next, context);
    return { physicalId, attributes: {} };
  },

  async delete() {},

  async read(_physicalId, _properties, context) {
    const { cloudwatchRoleArn } = await context.call('apigateway', 'GetAccount', {});
    return { CloudWatchRoleArn: cloudwatchRoleArn };
  },
};

async function put({ CloudWatchRoleArn }: Properties, context: ResourceContext): Promise<void> {
  const operation =
    CloudWatchRoleArn === undefined
      ? { op: 'remove', path: '/cloudwatchRoleArn' }
      : { op: 'replace', path: '/cloudwatchRoleArn', value: CloudWatchRoleArn };
  await context.call('apigateway', 'UpdateAccount', { patchOperations: [operation] });
}
