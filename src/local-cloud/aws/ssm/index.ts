import type { LocalCloud } from '../../kernel/cloud.js';
import type { ServiceFactory } from '../../kernel/service.js';
import { parameterOperations } from './operations.js';
import { Parameters } from './parameters.js';
import { parameterType } from './resource-type.js';
import { tagOperations } from './tags.js';

/** AWS Systems Manager Parameter Store. SecureStrings are sealed in the store, and shown only with decryption. */
export const ssmService: ServiceFactory = (cloud: LocalCloud) => {
  const parameters = new Parameters(cloud);
  return {
    name: 'ssm',
    protocol: 'json',
    jsonVersion: '1.1',
    targetPrefix: 'AmazonSSM',
    operations: { ...parameterOperations(parameters), ...tagOperations(parameters) },
    resourceTypes: { 'AWS::SSM::Parameter': parameterType },
  };
};
