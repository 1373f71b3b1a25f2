import { ACCOUNT, type LocalCloud, OPERATOR } from '../../src/local-cloud/kernel/cloud.js';
import type { ResourceContext, ResourceType } from '../../src/local-cloud/kernel/resource-type.js';

/** What CloudFormation gives a resource type while a stack changes. */
export function stackContext(cloud: LocalCloud, logicalId = 'Thing'): ResourceContext {
  const region = 'eu-west-1';
  return {
    region,
    account: ACCOUNT,
    stackName: 'shop',
    stackId: `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/shop/1`,
    logicalId,
    tags: { 'aws:cloudformation:stack-name': 'shop' },
    principal: OPERATOR,
    call: (service, operation, input) =>
      cloud.call(service, operation, input, { principal: OPERATOR, region }),
    generatedName: (length) => `shop-${logicalId}-ABCDEF123456`.slice(0, length),
  };
}

export function typeNamed(cloud: LocalCloud, name: string): Required<ResourceType> {
  return cloud.resourceType(name) as Required<ResourceType>;
}
