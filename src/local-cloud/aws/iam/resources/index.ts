import type { ResourceType } from '../../../kernel/resource-type.js';
import { inlinePolicyType } from './inline-policy.js';
import { managedPolicyType } from './managed-policy.js';
import { roleType } from './role.js';

/** CloudFormation's IAM types. */
export const iamResourceTypes: Record<string, ResourceType> = {
  'AWS::IAM::Role': roleType,
  'AWS::IAM::Policy': inlinePolicyType,
  'AWS::IAM::ManagedPolicy': managedPolicyType,
};
