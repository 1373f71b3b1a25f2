import { readDeadLetter } from '../../../handlers/contract/dead-letter.js';
import type { QueueMessage } from '../../aws/sqs.js';
import { duration } from '../../core/duration.js';
import { type Evidence, fail, pass, skipped } from '../../core/finding.js';
import { number } from '../../core/number.js';
import { requirement } from '../../requirements/requirement.js';
import { type DrainMapping, drainMappings, isOn } from '../../world/drain.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';
import { deadLetterQueues, type FoundQueue, NO_QUEUES, queueEvidence } from './queues.js';

/** The age's metric is reported once a minute, and late. */
const AGE_WINDOW_SECONDS = 900;

interface Waiting {
  queue: FoundQueue;
  count: number;
  /** Epoch milliseconds; null when it is not known. */
  oldest: number | null;
  /** Why they are there, of those that were looked at: the word, and how many. */
  reasons: [string, number][];
  looked: number;
}

export const queueEmpty: PathCheck = {
  ...requirement('queue.empty'),
  needs: ['account.aws-region'],
  iam: [
    ...PATH_ACTIONS,
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'cloudwatch:GetMetricData',
    'lambda:ListEventSourceMappings',
  ],
  fixIam: ['lambda:UpdateEventSourceMapping'],
  operational: true,
  async inspect(world) {
    const [queues, mappings] = await Promise.all([deadLetterQueues(world), drainMappings(world)]);
    if (!queues) return NOT_DEPLOYED;
    if (queues.length === 0) return skipped(NO_QUEUES);
    const waiting = (await Promise.all(queues.map((queue) => look(world, queue)))).filter(
      ({ count }) => count > 0,
    );
    const draining = mappings.filter(isOn);
    if (waiting.length === 0 && draining.length === 0)
      return pass(queues.length === 1 ? 'it is empty' : `all ${queues.length} are empty`);
    const messages = waiting.reduce((sum, { count }) => sum + count, 0);
    return fail([...waiting.map(describe), ...draining.map(describeMapping)].join('; '), {
      expected: 'no message, and no drain at work',
      actual: `${number(messages)} message${messages === 1 ? '' : 's'}`,
      evidence: [...waiting.flatMap((one) => evidenceOf(world, one)), ...draining.map(mappingEvidence)],
      remedy: {
        text:
          draining.length > 0
            ? 'A drain inside AWS is running, or was interrupted and still takes messages. If no drain should run, switch it off.'
            : 'Put right what made them fail (the other findings tell), then deliver them again: look first, it is safe to run twice.',
        commands: ['cachao replay-dlq --list', 'cachao replay-dlq'],
        fixable: draining.length > 0,
      },
    });
  },
  fixLeaves: 'the messages, which cachao replay-dlq delivers: it only switches off a drain that was left on',
  async fix(world) {
    return (await drainMappings(world)).filter(isOn).map(({ uuid, queueName }) => ({
      check: 'queue.empty',
      action: 'update',
      resource: 'event source mapping',
      name: uuid,
      details: [`of ${queueName}: enabled -> disabled`],
      apply: (bench) => bench.lambda.setEventSourceMapping(uuid, false),
    }));
  },
};

async function look(world: World, queue: FoundQueue): Promise<Waiting> {
  // What is in flight waits too: somebody holds it, and may give it back.
  const counted = queue.visible + queue.inFlight + queue.delayed;
  // Nothing counted is nothing at rest; looking at an empty queue would take a second.
  if (counted === 0) return { queue, count: 0, oldest: null, reasons: [], looked: 0 };
  const [sample, ages] = await Promise.all([world.sqs.sample(queue.url), agesOf(world, queue.name)]);
  const sent = sample.flatMap(({ sentAt }) => (sentAt === null ? [] : [Date.parse(sentAt)]));
  // What was reported earlier may speak of a message that is gone.
  const reported = ages.slice(-1).map(({ time, value }) => Date.parse(time) - value * 1000);
  const oldest = Math.min(...sent, ...reported);
  return {
    queue,
    count: Math.max(counted, sample.length),
    oldest: Number.isFinite(oldest) ? oldest : null,
    reasons: reasonsOf(sample),
    looked: sample.length,
  };
}

function agesOf(world: World, queueName: string) {
  return world.cloudwatch.metric({
    namespace: 'AWS/SQS',
    name: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: queueName },
    statistic: 'Maximum',
    windowSeconds: AGE_WINDOW_SECONDS,
    periodSeconds: 60,
  });
}

function reasonsOf(sample: readonly QueueMessage[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const message of sample) {
    const { code } = readDeadLetter(message).failure;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

function describe({ queue, count, oldest, reasons, looked }: Waiting): string {
  const left = oldest === null ? null : oldest + queue.retentionSeconds * 1000 - Date.now();
  const age = oldest === null ? '' : `, the oldest for ${duration(Date.now() - oldest)}`;
  const loss = left === null ? '' : left > 0 ? `, lost in ${duration(left)}` : ', lost any moment';
  const why = reasons.map(([code, many]) => `${code} ${many} of ${looked}`).join(', ');
  return `${number(count)} ${count === 1 ? 'message waits' : 'messages wait'} in ${queue.name}${age}${loss}${why === '' ? '' : ` (${why})`}`;
}

function describeMapping({ queueName }: DrainMapping): string {
  return `the drain of ${queueName} is switched on`;
}

function evidenceOf(world: World, { queue, reasons, oldest }: Waiting): Evidence[] {
  return [
    ...queueEvidence(world, [queue]),
    ...(oldest === null ? [] : [{ label: 'oldest', value: new Date(oldest).toISOString() }]),
    ...(reasons.length > 0
      ? [{ label: 'reasons', value: reasons.map(([code, many]) => `${code}: ${many}`).join(', ') }]
      : []),
  ];
}

function mappingEvidence({ uuid }: DrainMapping): Evidence {
  return { label: 'event source mapping', value: uuid };
}
