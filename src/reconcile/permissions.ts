import { deliveryComplete } from '../checks/delivery/complete.js';
import type { CommandPermissions } from '../core/permissions.js';

/** Looking needs what the check of the same comparison needs; delivering is an invocation. */
export const reconcilePermissions: CommandPermissions = {
  command: 'reconcile',
  inspects: [deliveryComplete],
  fixes: false,
  iam: ['lambda:InvokeFunction', 'sts:GetCallerIdentity'],
  stripe: ['connected_account_read'],
};
