import { deliveryWays } from '../../world/delivery-ways.js';
import { ourDestination } from '../../world/destination.js';
import { paymentPath } from '../../world/payment-path.js';
import { typesByHandler } from '../../world/taken-types.js';
import { ourEndpoint } from '../../world/webhook.js';
import type { World } from '../../world/world.js';

/** A function of a stack of somebody else's, and by which way the events come to it. */
export interface HandlerOfStack {
  arn: string;
  via: string;
  types: string[];
}

/**
 * Of a stack of somebody else's: all that get the same payment, each by its own way, where there are several. Nobody
 * knows that they do not count it twice, unless the settings say that they are idempotent.
 */
export async function competingHandlers(world: World): Promise<HandlerOfStack[]> {
  const { stack, handlerIsIdempotent, acknowledgedHandlers } = world.settings;
  if (stack.managed || handlerIsIdempotent) return [];
  const found = [...(await behindRules(world)), ...(await behindWebhook(world))].filter(
    ({ arn }) => !acknowledgedHandlers.includes(arn),
  );
  return found.filter((one) =>
    found.some((other) => other !== one && other.types.some((type) => one.types.includes(type))),
  );
}

async function behindRules(world: World): Promise<HandlerOfStack[]> {
  const { eventbridge } = await deliveryWays(world);
  const destination = eventbridge ? await ourDestination(world) : undefined;
  if (!destination?.enabled) return [];
  return [...(await typesByHandler(world))].map(([arn, types]) => ({ arn, via: 'EventBridge', types }));
}

async function behindWebhook(world: World): Promise<HandlerOfStack[]> {
  const [path, endpoint] = await Promise.all([paymentPath(world), ourEndpoint(world)]);
  const handler = path?.functions.find(({ role }) => role === 'webhook');
  if (!handler || !endpoint?.enabled) return [];
  const rules = [...(await typesByHandler(world)).values()].flat();
  const types = endpoint.enabledEvents.includes('*') ? rules : endpoint.enabledEvents;
  return [{ arn: handler.arn, via: `webhook endpoint ${endpoint.id}`, types }];
}
