import type { Alarm } from '../../aws/cloudwatch.js';
import { fail, pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS, type PaymentPath, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { deadLetterQueues } from '../queue/queues.js';
import type { PathCheck } from '../types.js';

export const alarmState: PathCheck = {
  ...requirement('alarm.state'),
  otherwise: 'it counts what waits in a queue that is empty by now',
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS, 'cloudwatch:DescribeAlarms', 'sqs:GetQueueAttributes'],
  operational: true,
  async inspect(world) {
    const path = await paymentPath(world);
    if (!path) return NOT_DEPLOYED;
    const [alarms, names] = await Promise.all([world.cloudwatch.listAlarms(), namesOf(world, path)]);
    const ours = alarms.filter((alarm) => isAbout(alarm, names));
    if (ours.length === 0) return skipped('no alarm watches the path');
    const ringing = ours.filter(({ state }) => state === 'ALARM');
    if (ringing.length === 0) return pass(`none of ${ours.length} rings`);
    const emptied = await emptyQueues(world);
    const lags = (alarm: Alarm) => isOfQueue(alarm, emptied);
    return (ringing.every(lags) ? warn : fail)(
      ringing
        .map((alarm) => {
          const since = `${alarm.name} has been ringing since ${alarm.stateSince ?? 'some time'}`;
          return lags(alarm) ? `${since}; its queue is empty by now` : since;
        })
        .join('; '),
      {
        expected: 'no alarm rings',
        actual: ringing
          .map((alarm) => `${alarm.metricName ?? 'metric maths'}: ${alarm.stateReason}`)
          .join('; '),
        evidence: ringing.map((alarm) => ({
          label: 'alarm',
          value: alarm.name,
          url: world.links.alarm(alarm.name),
        })),
        remedy: {
          text: ringing.map((alarm) => (lags(alarm) ? laggingAdvice(alarm) : adviceOf(alarm))).join('\n'),
          commands: [],
          fixable: false,
        },
      },
    );
  },
};

/** Names of the path's queues in which nothing waits. */
async function emptyQueues(world: World): Promise<Set<string>> {
  const queues = (await deadLetterQueues(world)) ?? [];
  const empty = queues.filter(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);
  return new Set(empty.map(({ name }) => name));
}

/** Whether the alarm counts what waits in one of these queues. */
function isOfQueue({ namespace, metricName, dimensions }: Alarm, names: ReadonlySet<string>): boolean {
  return (
    namespace === 'AWS/SQS' &&
    metricName?.startsWith('ApproximateNumberOfMessages') === true &&
    names.has(dimensions.QueueName ?? '')
  );
}

const laggingAdvice = ({ name }: Alarm): string =>
  `${name}: nothing is left to do: it ends when CloudWatch has the queue's next numbers, which takes some minutes.`;

/** An alarm's own description says what to do; each alarm's stands on a line of its own. */
function adviceOf({ name, description }: Alarm): string {
  return `${name}: ${description || 'see what it watches.'}`;
}

/** By exact name: another shop's function may have a name that begins like ours. */
async function namesOf(world: World, path: PaymentPath): Promise<Set<string>> {
  const api = path.api && (await world.apiGateway.restApi(path.api.id));
  return new Set(
    [...path.functions, ...path.queues, ...path.rules, ...(api ? [api] : [])].map(({ name }) => name),
  );
}

function isAbout(alarm: Alarm, names: ReadonlySet<string>): boolean {
  return alarm.metrics.some(({ dimensions }) => Object.values(dimensions).some((value) => names.has(value)));
}
