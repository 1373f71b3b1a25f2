import { randomUUID } from 'node:crypto';
import type { ResourceType } from '../../kernel/resource-type.js';

/** A resource that makes nothing: templates whose other resources are all conditional need one. */
export const waitConditionHandle: ResourceType = {
  properties: [],
  create: async (_properties, { region, stackName, logicalId }) => ({
    physicalId: `https://cloudformation-waitcondition-${region}.s3.${region}.amazonaws.com/${stackName}/${logicalId}/${randomUUID()}`,
    attributes: {},
  }),
  update: async (physicalId) => ({ physicalId, attributes: {} }),
  delete: async () => {},
};
