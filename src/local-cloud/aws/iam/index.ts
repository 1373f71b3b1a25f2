import type { ServiceFactory } from '../../kernel/service.js';
import { enforcementRoute } from './enforcement.js';
import { attachmentOperations } from './operations/attachments.js';
import { inlinePolicyOperations } from './operations/inline-policies.js';
import { managedPolicyOperations } from './operations/managed-policies.js';
import { policyVersionOperations } from './operations/policy-versions.js';
import { roleOperations } from './operations/roles.js';
import { simulateOperations } from './operations/simulate.js';
import { tagOperations } from './operations/tags.js';
import { userOperations } from './operations/users.js';
import { iamPort } from './port.js';
import { iamResourceTypes } from './resources/index.js';
import { Sessions } from './sessions.js';
import { ensureOperator, iamState } from './state.js';

/** IAM: roles, policies, the operator, and the decision whether anyone may do anything. */
export const iamService: ServiceFactory = (cloud) => {
  const state = iamState(cloud);
  ensureOperator(state, cloud.clock.now());
  cloud.provide('iam', iamPort(cloud, state, new Sessions(cloud, state)));
  cloud.admin('enforcement', enforcementRoute(state));
  return {
    name: 'iam',
    protocol: 'query',
    apiVersion: '2010-05-08',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    operations: {
      ...roleOperations(state),
      ...inlinePolicyOperations(state),
      ...attachmentOperations(state),
      ...managedPolicyOperations(state),
      ...policyVersionOperations(state),
      ...tagOperations(state),
      ...userOperations(state),
      ...simulateOperations(cloud, state),
    },
    resourceTypes: iamResourceTypes,
  };
};
