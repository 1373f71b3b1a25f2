import { pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';
import { deadLetterQueues, type FoundQueue, NO_QUEUES, queueEvidence } from './queues.js';

export const queueEncrypted: PathCheck = {
  ...requirement('queue.encrypted'),
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS, 'sqs:GetQueueAttributes'],
  fixIam: ['sqs:SetQueueAttributes'],
  async inspect(world) {
    const queues = await deadLetterQueues(world);
    if (!queues) return NOT_DEPLOYED;
    if (queues.length === 0) return skipped(NO_QUEUES);
    const plain = queues.filter(isPlain);
    if (plain.length > 0)
      return warn(`${plain.map((queue) => queue.name).join(', ')}: not encrypted`, {
        expected: 'encrypted by SQS (SSE-SQS), or by a key of your own',
        actual: 'no encryption',
        evidence: queueEvidence(world, plain),
        remedy: { text: 'Switch on SSE-SQS.', commands: ['cachao doctor --fix'], fixable: true },
      });
    return pass(queues.map((queue) => (queue.encryption === 'kms' ? 'KMS' : 'SSE-SQS')).join(', '));
  },
  async fix(world) {
    return ((await deadLetterQueues(world)) ?? []).filter(isPlain).map((queue) => ({
      check: 'queue.encrypted',
      action: 'update',
      resource: 'queue',
      name: queue.name,
      details: ['SqsManagedSseEnabled: false -> true'],
      url: world.links.queue(queue.url),
      apply: (bench) => bench.sqs.setAttributes(queue.url, { SqsManagedSseEnabled: 'true' }),
    }));
  },
};

const isPlain = (queue: FoundQueue) => queue.encryption === 'none';
