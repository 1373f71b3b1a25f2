import { fail, pass, skipped, warn } from '../../core/finding.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';
import { deadLetterQueues, type FoundQueue, NO_QUEUES, queueEvidence } from './queues.js';

/** The most that SQS gives. */
const FOURTEEN_DAYS = 14 * 86_400;
const ONE_DAY = 86_400;

export const queueRetention: PathCheck = {
  id: 'queue.retention',
  title: 'The dead-letter queues keep messages for 14 days',
  area: 'queue',
  severity: 'warn',
  otherwise: 'a queue keeps messages for less than a day',
  item: 2,
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS, 'sqs:GetQueueAttributes'],
  fixIam: ['sqs:SetQueueAttributes'],
  why: 'A message that was not replayed in time is deleted by SQS, and with it the payment; the default is four days: a long weekend.',
  async inspect(world) {
    const queues = await deadLetterQueues(world);
    if (!queues) return NOT_DEPLOYED;
    if (queues.length === 0) return skipped(NO_QUEUES);
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
  async fix(world) {
    return (await shortQueues(world)).map((queue) => ({
      check: 'queue.retention',
      action: 'update',
      resource: 'queue',
      name: queue.name,
      details: [`MessageRetentionPeriod: ${queue.retentionSeconds} -> ${FOURTEEN_DAYS}`],
      url: world.links.queue(queue.url),
      apply: (bench) => bench.sqs.setAttributes(queue.url, { MessageRetentionPeriod: String(FOURTEEN_DAYS) }),
    }));
  },
};

const isShort = (queue: FoundQueue) => queue.retentionSeconds < FOURTEEN_DAYS;

async function shortQueues(world: World): Promise<FoundQueue[]> {
  return ((await deadLetterQueues(world)) ?? []).filter(isShort);
}

function days(seconds: number): string {
  const whole = seconds / 86_400;
  if (whole >= 1) return `${Number(whole.toFixed(1))} day${whole === 1 ? '' : 's'}`;
  return `${Math.round(seconds / 60)} minutes`;
}
