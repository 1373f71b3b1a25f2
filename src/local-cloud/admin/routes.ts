import type { LocalCloud } from '../kernel/cloud.js';
import { callsRoute } from './calls.js';
import { clockRoute } from './clock.js';
import { faultsRoute } from './faults.js';
import { happeningsRoute } from './happenings.js';

/** The cloud's own admin routes; services add theirs. */
export function registerAdminRoutes(cloud: LocalCloud): void {
  cloud.admin('faults', faultsRoute(cloud));
  cloud.admin('calls', callsRoute(cloud));
  cloud.admin('clock', clockRoute(cloud));
  cloud.admin('happenings', { GET: happeningsRoute(cloud) });
}
