import { CHECKS } from '../checks/registry.js';
import type { CommandPermissions } from '../core/permissions.js';
import { DEPLOY_ACTIONS } from '../stack/permissions.js';
import { READINESS_CHECKS } from './readiness.js';

export const deployPermissions: CommandPermissions = {
  command: 'deploy',
  inspects: [
    ...READINESS_CHECKS,
    ...CHECKS.filter(({ id }) => id === 'stack.healthy' || id === 'stack.current'),
  ],
  fixes: false,
  iam: [
    ...DEPLOY_ACTIONS,
    'cloudformation:DescribeStackDriftDetectionStatus',
    'cloudformation:DescribeStackResourceDrifts',
    'cloudformation:DetectStackDrift',
    'cloudformation:DetectStackResourceDrift',
  ],
  stripe: [],
};
