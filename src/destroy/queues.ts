import type { Queue } from '../aws/sqs.js';
import { isTaggedOurs } from '../world/ownership.js';
import type { Removal } from './removal.js';

const RESOURCE = 'dead-letter queue';

/** Queues that the stack leaves behind. Found by the name that CloudFormation gives them, and by their tags. */
export const queues: Removal = {
  undoes: [],
  async find(world, { deleteData }) {
    const { settings } = world;
    const urls = await world.sqs.listQueueUrls(`${settings.stack.name}-`);
    const found = await Promise.all(
      urls.map(async (url) => {
        const [queue, tags] = await Promise.all([world.sqs.queue(url), world.sqs.tags(url)]);
        return queue && { queue, ours: isTaggedOurs(tags, settings) };
      }),
    );
    const present = found.filter((one) => one !== undefined);
    const ours = present.filter((one) => one.ours);
    return {
      remove: !deleteData
        ? []
        : ours.map(({ queue }) => ({
            check: 'queue.policy',
            action: 'delete',
            resource: RESOURCE,
            name: queue.name,
            details: [count(queue) === 0 ? 'empty' : `${messages(queue)} WILL BE LOST`],
          })),
      keep: [
        ...(deleteData ? [] : ours).map(({ queue }) => ({
          resource: RESOURCE,
          name: queue.name,
          reason: 'data' as const,
          why:
            count(queue) === 0
              ? 'empty; what still fails until the stack is gone would wait there'
              : `${messages(queue)}; each may be a payment`,
        })),
        ...present
          .filter((one) => !one.ours)
          .map(({ queue }) => ({
            resource: 'queue',
            name: queue.name,
            reason: 'foreign' as const,
            why: 'it does not bear the tags of this stage',
          })),
      ],
    };
  },
  async remove(bench, changes) {
    for (const { name } of changes) {
      const url = await bench.world.sqs.queueUrl(name);
      if (url !== undefined) await bench.sqs.deleteQueue(url);
    }
  },
};

const count = ({ visible, inFlight, delayed }: Queue): number => visible + inFlight + delayed;

const messages = (queue: Queue): string => `${count(queue)} message${count(queue) === 1 ? '' : 's'}`;
