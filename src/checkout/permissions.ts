import { CHECKS } from '../checks/registry.js';
import type { CommandPermissions } from '../core/permissions.js';
import { USE_ACTIONS } from '../world/database-use.js';
import { PATH_ACTIONS } from '../world/payment-path.js';
import { FIRST } from './prove.js';

export const checkoutPermissions: CommandPermissions = {
  command: 'checkout',
  inspects: CHECKS.filter((check) => FIRST.includes(check.id)),
  fixes: false,
  iam: [
    ...USE_ACTIONS,
    'logs:FilterLogEvents',
    // Beside a stack of somebody else's: the path by its wiring, and what the functions' metrics tell.
    ...PATH_ACTIONS,
    'cloudwatch:GetMetricData',
  ],
  stripe: ['checkout_session_read', 'checkout_session_write', 'event_read', 'payment_method_write'],
};
