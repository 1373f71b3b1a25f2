import type { LocalCloud } from '../../../kernel/cloud.js';
import { validationError } from '../errors.js';
import { checkFunctions } from './check-functions.js';
import { checkReferences } from './check-references.js';
import type { Template } from './model.js';
import { dependencyGraph, dependencyOrder } from './order.js';
import { refuseTransforms } from './structure.js';

/** All that CloudFormation checks of a template before it looks at any property. Throws `ValidationError`. */
export function validateTemplate(cloud: LocalCloud, template: Template): void {
  refuseTransforms(template);
  const resources = Object.entries(template.resources);
  const nested = resources.find(([, { type }]) => type === 'AWS::CloudFormation::Stack');
  if (nested)
    throw validationError(
      `The local cloud does not support nested stacks: resource ${nested[0]} has type AWS::CloudFormation::Stack.`,
    );
  const unknown = [...new Set(resources.map(([, { type }]) => type))].filter(
    (type) => !cloud.resourceType(type),
  );
  if (unknown.length > 0)
    throw validationError(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
  for (const [, { type, deletionPolicy, updateReplacePolicy }] of resources)
    if (deletionPolicy === 'Snapshot' || updateReplacePolicy === 'Snapshot')
      throw validationError(
        `Template error: resource type ${type} does not support deletion policy Snapshot`,
      );
  checkFunctions(template);
  checkReferences(template);
  dependencyOrder(dependencyGraph(template));
}
