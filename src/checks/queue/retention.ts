import { fail, pass, skipped, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deadLetterQueues, type FoundQueue, NO_QUEUES, queueEvidence } from './queues.js';

/** The most that SQS gives. */
const FOURTEEN_DAYS = 14 * 86_400;
const ONE_DAY = 86_400;

export const queueRetention: PathCheck = {
  ...requirement('queue.retention'),
  otherwise: 'a queue keeps messages for less than a day, or hands them on to another queue',
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS, 'sqs:GetQueueAttributes'],
  fixIam: ['sqs:SetQueueAttributes'],
  async inspect(world) {
    const queues = await deadLetterQueues(world);
    if (!queues) return NOT_DEPLOYED;
    if (queues.length === 0) return skipped(NO_QUEUES);
    const moving = queues.filter((queue) => queue.redrivePolicy !== null);
    if (moving.length > 0) return handsOn(world, moving);
    const short = queues.filter(isShort);
    if (short.length === 0) return pass('14 days');
    // Over before anybody has read the alarm: that is no dead-letter queue any more.
    const verdict = short.some(({ retentionSeconds }) => retentionSeconds < ONE_DAY) ? fail : warn;
    return verdict(
      short.map((queue) => `${queue.name} keeps messages for ${days(queue.retentionSeconds)}`).join('; '),
      {
        expected: '14 days',
        actual: short.map((queue) => days(queue.retentionSeconds)).join(', '),
        evidence: queueEvidence(world, short),
        remedy: {
          text: 'Keep them for 14 days, the most that SQS gives.',
          commands: ['cachao doctor --fix'],
          fixable: true,
        },
      },
    );
  },
  fixLeaves: 'the redrive policy of a queue in a stack that cachao does not deploy',
  async fix(world) {
    return (await changesOf(world)).map(({ queue, attributes, details }) => ({
      check: 'queue.retention',
      action: 'update',
      resource: 'queue',
      name: queue.name,
      details,
      url: world.links.queue(queue.url),
      apply: (bench) => bench.sqs.setAttributes(queue.url, attributes),
    }));
  },
};

/** SQS moves what was received too often, and each look by replay is a receipt. */
function handsOn(world: World, moving: readonly FoundQueue[]): Verdict {
  return fail(
    moving
      .map((queue) => `${queue.name} hands its messages on to ${takerOf(queue)}, where no replay looks`)
      .join('; '),
    {
      expected: 'no redrive policy',
      actual: moving.map(takerOf).join(', '),
      evidence: queueEvidence(world, moving),
      remedy: templateRemedy(
        world,
        'Take the redrive policy away. What is in the other queue can be moved back in the SQS console (DLQ redrive).',
        'Take the RedrivePolicy of this queue out of the template.',
      ),
    },
  );
}

function takerOf({ redrivePolicy }: FoundQueue): string {
  const { deadLetterTargetArn } = JSON.parse(redrivePolicy ?? '{}') as { deadLetterTargetArn?: string };
  return deadLetterTargetArn ?? 'another queue';
}

interface QueueChange {
  queue: FoundQueue;
  attributes: Record<string, string>;
  details: string[];
}

/** What somebody else's template states of another queue is theirs. */
async function changesOf(world: World): Promise<QueueChange[]> {
  const queues = (await deadLetterQueues(world)) ?? [];
  return queues.flatMap((queue) => {
    const moves = queue.redrivePolicy !== null && world.settings.stack.managed;
    const attributes = {
      ...(isShort(queue) ? { MessageRetentionPeriod: String(FOURTEEN_DAYS) } : {}),
      ...(moves ? { RedrivePolicy: '' } : {}),
    };
    const details = [
      ...(isShort(queue) ? [`MessageRetentionPeriod: ${queue.retentionSeconds} -> ${FOURTEEN_DAYS}`] : []),
      ...(moves ? [`RedrivePolicy: ${takerOf(queue)} -> (none)`] : []),
    ];
    return details.length > 0 ? [{ queue, attributes, details }] : [];
  });
}

const isShort = (queue: FoundQueue) => queue.retentionSeconds < FOURTEEN_DAYS;

function days(seconds: number): string {
  const whole = seconds / 86_400;
  if (whole >= 1) return `${Number(whole.toFixed(1))} day${whole === 1 ? '' : 's'}`;
  return `${Math.round(seconds / 60)} minutes`;
}
