import type { QueueSenders } from '../../../handlers/contract/queue-trust/senders.js';
import { pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { expectedSenders } from '../../world/queue-senders.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';
import { deadLetterQueues, type FoundQueue, NO_QUEUES, queueEvidence } from './queues.js';
import { closing, type Openings, openings } from './senders.js';

export const queuePolicy: PathCheck = {
  ...requirement('queue.policy'),
  needs: ['function.state'],
  iam: [...PATH_ACTIONS, 'sqs:GetQueueAttributes'],
  fixIam: ['sqs:SetQueueAttributes'],
  async inspect(world) {
    const queues = await deadLetterQueues(world);
    if (!queues) return NOT_DEPLOYED;
    if (queues.length === 0) return skipped(NO_QUEUES);
    const open = (await looked(world, queues)).filter(
      ({ missing, extra }) => missing.length > 0 || extra.length > 0,
    );
    if (open.length === 0) return pass('only the rule and the handler send, over TLS');
    const fixable = open.some(({ missing }) => missing.length > 0);
    return warn(
      open
        .map(({ queue, missing, extra }) => `${queue.name}: ${[...missing, ...extra].join(', ')}`)
        .join('; '),
      {
        expected: open.map(({ expected }) => [...expected.rules, ...expected.roles].join(', ')).join('; '),
        actual: open.flatMap(({ missing, extra }) => [...missing, ...extra]).join('; '),
        evidence: queueEvidence(
          world,
          open.map(({ queue }) => queue),
        ),
        remedy: fixable
          ? {
              text: 'Allow the rule and the handler to send, and no other sender; statements that a person added are kept. What was sent before is verified with Stripe when it is replayed.',
              commands: ['cachao doctor --fix'],
              fixable,
            }
          : {
              text: 'Take that sender out of the statement NobodyElseSends, or mute this check if it is meant to send.',
              commands: [],
              fixable,
            },
      },
    );
  },
  fixLeaves: 'a sender that a person added to the statement NobodyElseSends',
  async fix(world) {
    return (await closable(world)).map(({ queue, expected, missing }) => ({
      check: 'queue.policy',
      action: 'update',
      resource: 'queue policy',
      name: queue.name,
      details: missing.map((opening) => `no longer: ${opening}`),
      url: world.links.queue(queue.url),
      apply(bench) {
        const { policy, redriveAllowPolicy } = closing(queue, expected);
        return bench.sqs.setAttributes(queue.url, { Policy: policy, RedriveAllowPolicy: redriveAllowPolicy });
      },
    }));
  },
};

interface Looked extends Openings {
  queue: FoundQueue;
  expected: QueueSenders;
}

function looked(world: World, queues: readonly FoundQueue[]): Promise<Looked[]> {
  return Promise.all(
    queues.map(async (queue) => {
      const expected = await expectedSenders(world, queue.purposes);
      return { queue, expected, ...openings(queue, expected) };
    }),
  );
}

async function closable(world: World): Promise<Looked[]> {
  const queues = (await deadLetterQueues(world)) ?? [];
  return (await looked(world, queues)).filter(({ missing }) => missing.length > 0);
}
