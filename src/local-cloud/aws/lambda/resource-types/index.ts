import type { LocalCloud } from '../../../kernel/cloud.js';
import type { ResourceType } from '../../../kernel/resource-type.js';
import { eventInvokeConfigType } from './event-invoke-config.js';
import { eventSourceMappingType } from './event-source-mapping.js';
import { functionType } from './function.js';
import { permissionType } from './permission.js';

/** CloudFormation's view of Lambda. */
export function resourceTypes(cloud: LocalCloud): Record<string, ResourceType> {
  return {
    'AWS::Lambda::Function': functionType(cloud),
    'AWS::Lambda::Permission': permissionType,
    'AWS::Lambda::EventInvokeConfig': eventInvokeConfigType,
    'AWS::Lambda::EventSourceMapping': eventSourceMappingType(cloud),
  };
}
