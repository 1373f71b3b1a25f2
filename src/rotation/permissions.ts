import { checkoutPermissions } from '../checkout/permissions.js';
import type { CommandPermissions } from '../core/permissions.js';

/** The test checkout is the proof. */
export const rotationPermissions: CommandPermissions = {
  command: 'rotate-secret',
  inspects: checkoutPermissions.inspects,
  fixes: false,
  iam: [
    ...checkoutPermissions.iam,
    'ssm:AddTagsToResource',
    'ssm:DescribeParameters',
    'ssm:GetParameter',
    'ssm:PutParameter',
    'sts:GetCallerIdentity',
  ],
  stripe: [...checkoutPermissions.stripe, 'webhook_read', 'webhook_write'],
};
