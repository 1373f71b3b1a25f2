import type { QueueSenders } from '../../handlers/contract/queue-trust/senders.js';
import { isSamePlace } from '../aws/arn.js';
import { type PathQueue, paymentPath } from './payment-path.js';
import type { World } from './world.js';

/** Who is meant to put messages into a queue of the path: rules for what they could not deliver, handlers for what they failed on. */
export async function expectedSenders(
  world: World,
  purposes: readonly PathQueue['purpose'][],
): Promise<QueueSenders> {
  const path = await paymentPath(world);
  const handlers = (path?.functions ?? []).filter(({ role }) => role === 'event');
  const roles = purposes.includes('function')
    ? await Promise.all(
        handlers.map(async ({ name, arn }) => {
          const found = await world.lambda.function(name);
          // Another account, or another region, may have a function of the same name.
          return found && isSamePlace(found.arn, arn) ? found.roleArn : undefined;
        }),
      )
    : [];
  return {
    rules: purposes.includes('delivery') ? (path?.rules ?? []).map((rule) => rule.arn) : [],
    roles: [...new Set(roles.filter((role) => role !== undefined))],
  };
}
