import { CHECKS } from '../checks/registry.js';
import type { PathCheck } from '../checks/types.js';
import type { Finding } from '../core/finding.js';
import { inspectAll } from '../core/inspect.js';
import type { World } from '../world/world.js';

/** What the stack rests on and does not make itself: setup makes it. */
const RESTS_ON = [
  'account.aws-identity',
  'account.aws-region',
  'account.stripe-key',
  'account.mode',
  'account.concurrency',
  'delivery.single-handler',
  'stripe.destination',
  'stripe.destination-enabled',
  'stripe.destination-payload',
  'eventbridge.source',
  'eventbridge.bus',
  'secret.database',
];

export const READINESS_CHECKS: readonly PathCheck[] = CHECKS.filter((check) => RESTS_ON.includes(check.id));

/** Looks at what must be there before the stack can be deployed. */
export function inspectReadiness(world: World): Promise<Finding[]> {
  return inspectAll(READINESS_CHECKS as never, world);
}
