import type { Operation } from '../../../kernel/service.js';
import { invalidParameter, missingParameter } from '../errors.js';
import type { Queues } from '../queues.js';
import { onQueue } from './on-queue.js';

/** Cost-allocation tags of queues. */
export function tagOperations(queues: Queues): Record<string, Operation> {
  const { queues: table } = queues.tables;
  return {
    TagQueue: onQueue(queues, (queue, input: { QueueUrl?: string; Tags?: Record<string, string> }) => {
      if (!input.Tags) throw missingParameter('Tags');
      const tags = { ...queue.tags, ...input.Tags };
      if (Object.keys(tags).length > 50)
        throw invalidParameter(`Too many tags added for queue ${queue.name}.`);
      table.set(queue.arn, { ...queue, tags });
      return {};
    }),
    UntagQueue: onQueue(queues, (queue, input: { QueueUrl?: string; TagKeys?: string[] }) => {
      if (!input.TagKeys) throw missingParameter('TagKeys');
      const { TagKeys: keys } = input;
      const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key)));
      table.set(queue.arn, { ...queue, tags });
      return {};
    }),
    ListQueueTags: onQueue(queues, (queue) =>
      Object.keys(queue.tags).length > 0 ? { Tags: queue.tags } : {},
    ),
  };
}
