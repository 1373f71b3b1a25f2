import { checkoutPermissions } from '../checkout/permissions.js';
import { SETUP_CHECKS } from '../checks/registry.js';
import type { CommandPermissions } from '../core/permissions.js';

/** Every setup check and its fix, and the test checkout at the end. */
export const setupPermissions: CommandPermissions = {
  command: 'setup',
  inspects: SETUP_CHECKS,
  fixes: true,
  iam: checkoutPermissions.iam,
  stripe: checkoutPermissions.stripe,
};
