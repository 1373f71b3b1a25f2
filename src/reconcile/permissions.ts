import { deliveryComplete } from '../checks/delivery/complete.js';
import type { CommandPermissions } from '../core/permissions.js';
import { USE_ACTIONS } from '../world/database-use.js';

/** Looking needs what the check of the same comparison needs; which database the functions use is compared; delivering is an invocation. */
export const reconcilePermissions: CommandPermissions = {
  command: 'reconcile',
  inspects: [deliveryComplete],
  fixes: false,
  iam: [...USE_ACTIONS, 'sts:GetCallerIdentity'],
  stripe: ['connected_account_read'],
};
