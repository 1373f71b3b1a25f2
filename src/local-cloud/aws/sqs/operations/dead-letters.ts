import type { Operation } from '../../../kernel/service.js';
import type { Queues } from '../queues.js';
import { onQueue } from './on-queue.js';
import { page } from './paging.js';

interface ListInput {
  QueueUrl?: string;
  MaxResults?: number;
  NextToken?: string;
}

/** ListDeadLetterSourceQueues: the queues whose RedrivePolicy names this one. */
export function deadLetterOperations(queues: Queues): Record<string, Operation> {
  return {
    ListDeadLetterSourceQueues: onQueue(queues, (queue, input: ListInput) => {
      const sources = queues.sourcesOf(queue.arn).sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, NextToken } = page(sources, (source) => source.name, input);
      return { queueUrls: items.map((source) => queues.url(source)), NextToken };
    }),
  };
}
