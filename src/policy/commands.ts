import { checkoutPermissions } from '../checkout/permissions.js';
import type { CommandPermissions } from '../core/permissions.js';
import { deployPermissions } from '../deploy/permissions.js';
import { destroyPermissions } from '../destroy/permissions.js';
import { doctorPermissions } from '../doctor/permissions.js';
import { reconcilePermissions } from '../reconcile/permissions.js';
import { replayPermissions } from '../replay/permissions.js';
import { rotationPermissions } from '../rotation/permissions.js';
import { setupPermissions } from '../setup/permissions.js';
import { tracePermissions } from '../trace/permissions.js';

/** What each command declares, in the order in which help lists them. */
export const COMMAND_PERMISSIONS: readonly CommandPermissions[] = [
  setupPermissions,
  deployPermissions,
  ...doctorPermissions,
  replayPermissions,
  checkoutPermissions,
  tracePermissions,
  reconcilePermissions,
  rotationPermissions,
  destroyPermissions,
];
