import { checkoutPermissions } from '../checkout/permissions.js';
import { CHECKS } from '../checks/registry.js';
import type { CommandPermissions } from '../core/permissions.js';

/** What looking needs, and no more: what a nightly job gets. */
const looking: CommandPermissions = {
  command: 'doctor',
  inspects: CHECKS,
  fixes: false,
  iam: [],
  stripe: [],
};

/** To look, to look and repair, to look and pay a test order. */
export const doctorPermissions: readonly CommandPermissions[] = [
  looking,
  { ...looking, command: 'doctor --fix', fixes: true },
  {
    ...looking,
    command: 'doctor --end-to-end',
    iam: checkoutPermissions.iam,
    stripe: checkoutPermissions.stripe,
  },
];
