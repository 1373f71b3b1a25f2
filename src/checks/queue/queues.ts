import type { Queue } from '../../aws/sqs.js';
import type { Evidence } from '../../core/finding.js';
import { type PathQueue, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/** A dead-letter queue of the path as it is configured. One that serves both ends stands there once. */
export interface FoundQueue extends Queue {
  purposes: PathQueue['purpose'][];
}

export const NO_QUEUES = 'the path has no dead-letter queue';

/** Undefined while nothing is deployed. A queue that is gone is the business of the checks of what sends to it. */
export async function deadLetterQueues(world: World): Promise<FoundQueue[] | undefined> {
  const path = await paymentPath(world);
  if (!path) return undefined;
  const urls = [...new Set(path.queues.map((queue) => queue.url))];
  const found = await Promise.all(urls.map((url) => world.sqs.queue(url)));
  return found
    .filter((queue) => queue !== undefined)
    .map((queue) => ({
      ...queue,
      purposes: path.queues.filter((one) => one.url === queue.url).map((one) => one.purpose),
    }));
}

export function queueEvidence(world: World, queues: readonly FoundQueue[]): Evidence[] {
  return queues.map((queue) => ({ label: 'queue', value: queue.name, url: world.links.queue(queue.url) }));
}
