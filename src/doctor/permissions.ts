import { checkoutPermissions } from '../checkout/permissions.js';
import { CHECKS } from '../checks/registry.js';
import type { CommandPermissions } from '../core/permissions.js';

/** Every check, the fixes for `--fix`, and the test checkout for `--end-to-end`. */
export const doctorPermissions: CommandPermissions = {
  command: 'doctor',
  inspects: CHECKS,
  fixes: true,
  iam: checkoutPermissions.iam,
  stripe: checkoutPermissions.stripe,
};
