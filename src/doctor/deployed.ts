import { functionOf, type PaymentPath, paymentPath } from '../world/payment-path.js';
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
    eventFunction: functionOf(path, 'event')?.name ?? null,
    webhookFunction: functionOf(path, 'webhook')?.name ?? null,
    queues: path.queues.map((queue) => queue.name),
  };
}
