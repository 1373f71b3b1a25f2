import type { EventSourceMapping } from '../aws/lambda.js';
import { functionOf, paymentPath } from './payment-path.js';
import type { World } from './world.js';

/** A mapping through which the drain function empties a dead-letter queue inside AWS. Disabled but for a run. */
export interface DrainMapping extends EventSourceMapping {
  queueName: string;
}

/** Those of the path; none where it has no drain function. */
export async function drainMappings(world: World): Promise<DrainMapping[]> {
  const path = await paymentPath(world);
  const drain = path && functionOf(path, 'drain');
  if (!path || !drain) return [];
  const found = await Promise.all(
    path.queues.map(async (queue) => {
      const mappings = await world.lambda.eventSourceMappings(queue.arn);
      return mappings
        .filter(({ functionArn }) => functionArn === drain.arn)
        .map((mapping) => ({ ...mapping, queueName: queue.name }));
    }),
  );
  return found.flat();
}

/** Whether it takes messages, or is about to. */
export function isOn({ state }: EventSourceMapping): boolean {
  return state === 'Enabled' || state === 'Enabling' || state === 'Creating';
}
