import { ourDestination } from './destination.js';
import { type PaymentPath, paymentPath } from './payment-path.js';
import { ourEndpoint } from './webhook.js';
import type { World } from './world.js';

export type Way = 'eventbridge' | 'webhook';

/** By which ways payments are meant to reach the handler. */
export interface DeliveryWays {
  eventbridge: boolean;
  webhook: boolean;
  /** Why there is but one; a sentence without its full stop. */
  why?: string;
}

const WORD = 'a second way only with --handler-is-idempotent';

/**
 * Our own handler knows an event that comes twice. A handler of somebody else's may count the payment twice: it gets one
 * way, the one that is there, else the one that was chosen, unless somebody gave their word for it.
 */
export function deliveryWays(world: World): Promise<DeliveryWays> {
  return world.once('delivery ways', async () => {
    const { stack, webhook, handlerIsIdempotent } = world.settings;
    if (stack.managed || handlerIsIdempotent) return { eventbridge: true, webhook };
    const there = await waysThere(world);
    if (there.eventbridge && there.webhook) return { eventbridge: true, webhook: true };
    if (there.eventbridge) return only('eventbridge', `EventBridge delivers the payments; ${WORD}`);
    if (there.webhook) return only('webhook', `the webhook delivers the payments; ${WORD}`);
    const chosen = await chosenWay(world);
    return only(chosen, `the payments are to come by ${NAMES[chosen]}; ${WORD}`);
  });
}

const NAMES: Record<Way, string> = { eventbridge: 'EventBridge', webhook: 'the webhook' };

function only(way: Way, why: string): DeliveryWays {
  return { eventbridge: way === 'eventbridge', webhook: way === 'webhook', why };
}

/** What Stripe sends by now. Without a rule behind it, a destination is no way to the handler. */
async function waysThere(world: World): Promise<Record<Way, boolean>> {
  const [path, destination, endpoint] = await Promise.all([
    paymentPath(world),
    ourDestination(world),
    ourEndpoint(world),
  ]);
  const webhook = endpoint?.enabled ?? false;
  return { eventbridge: (destination?.enabled ?? false) && (hasRule(path) || !webhook), webhook };
}

async function chosenWay(world: World): Promise<Way> {
  const { deliveryPath, webhook } = world.settings;
  const path = await paymentPath(world);
  if (!webhook) return 'eventbridge';
  if (deliveryPath !== null) return deliveryPath;
  return path?.api && !hasRule(path) ? 'webhook' : 'eventbridge';
}

const hasRule = (path: PaymentPath | undefined): boolean => (path?.rules.length ?? 0) > 0;
