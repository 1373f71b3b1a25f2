import { type PathFunction, type PaymentPath, paymentPath } from '../world/payment-path.js';
import type { World } from '../world/world.js';

/** What was looked at, by name: which stack, rule, functions and queues these findings are about. */
export interface Deployed {
  stackName: string;
  /** cachao's own stack; else the parts were found by their types and wiring. */
  managed: boolean;
  eventBusName: string | null;
  rules: string[];
  eventFunction: string | null;
  webhookFunction: string | null;
  queues: string[];
}

/** Null while nothing is deployed, and when it could not be looked at: a finding says why. */
export async function deployed(world: World): Promise<Deployed | null> {
  const path = await paymentPath(world).catch(() => undefined);
  return path ? named(world.settings.stack.name, path) : null;
}

function named(stackName: string, path: PaymentPath): Deployed {
  return {
    stackName,
    managed: path.managed,
    eventBusName: path.eventBusName ?? null,
    rules: path.rules.map((rule) => rule.name),
    eventFunction: namesOf(path, 'event'),
    webhookFunction: namesOf(path, 'webhook'),
    queues: path.queues.map((queue) => queue.name),
  };
}

/** All of them where several could be it: a finding says so. */
function namesOf(path: PaymentPath, role: PathFunction['role']): string | null {
  const names = path.functions.filter((one) => one.role === role).map(({ name }) => name);
  return names.join(', ') || null;
}
