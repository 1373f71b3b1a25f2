import type { ServiceFactory } from '../../kernel/service.js';
import { deleteOperations } from './operations/delete.js';
import { labelOperations } from './operations/labels.js';
import { listOperations } from './operations/list.js';
import { putParameter } from './operations/put.js';
import { readOperations } from './operations/read.js';
import { tagOperations } from './operations/tags.js';
import { parameterType } from './resource-type.js';
import { Parameters } from './state.js';

/** SSM Parameter Store. */
export const ssmService: ServiceFactory = (cloud) => {
  const parameters = new Parameters(cloud);
  return {
    name: 'ssm',
    protocol: 'json',
    jsonVersion: '1.1',
    targetPrefix: 'AmazonSSM',
    operations: {
      PutParameter: putParameter(parameters),
      ...readOperations(parameters),
      ...listOperations(parameters),
      ...labelOperations(parameters),
      ...tagOperations(parameters),
      ...deleteOperations(parameters),
    },
    resourceTypes: { 'AWS::SSM::Parameter': parameterType },
  };
};
