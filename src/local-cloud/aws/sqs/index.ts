import type { LocalCloud } from '../../kernel/cloud.js';
import type { ServiceFactory } from '../../kernel/service.js';
import { MoveTasks } from './move-tasks.js';
import { batchOperations } from './operations/batches.js';
import { deadLetterOperations } from './operations/dead-letters.js';
import { messageOperations } from './operations/messages.js';
import { moveTaskOperations } from './operations/move-tasks.js';
import { permissionOperations } from './operations/permissions.js';
import { endPurge, forgetDeletion, ONE_MINUTE, queueOperations } from './operations/queues.js';
import { tagOperations } from './operations/tags.js';
import { sqsPort } from './port.js';
import { Queues } from './queues.js';
import { queueType } from './resource-types/queue.js';
import { queuePolicyType } from './resource-types/queue-policy.js';

/** Amazon SQS: standard queues. FIFO is refused by name. */
export const sqsService: ServiceFactory = (cloud: LocalCloud) => {
  const queues = new Queues(cloud);
  const tasks = new MoveTasks(queues);
  cloud.provide('sqs', sqsPort(queues));
  return {
    name: 'sqs',
    protocol: 'json',
    jsonVersion: '1.0',
    targetPrefix: 'AmazonSQS',
    queryCompatible: true,
    operations: {
      ...queueOperations(queues),
      ...messageOperations(queues),
      ...batchOperations(queues),
      ...tagOperations(queues),
      ...permissionOperations(queues),
      ...deadLetterOperations(queues),
      ...moveTaskOperations(queues, tasks),
    },
    resourceTypes: { 'AWS::SQS::Queue': queueType, 'AWS::SQS::QueuePolicy': queuePolicyType },
    start: () => {
      tasks.start();
      queues.metrics.start();
      for (const { arn } of queues.tables.deletions.values())
        cloud.clock.after(ONE_MINUTE, () => forgetDeletion(queues, arn));
      for (const queue of queues.tables.queues.values())
        if (queue.purging) cloud.clock.after(ONE_MINUTE, () => endPurge(queues, queue.arn));
    },
  };
};
