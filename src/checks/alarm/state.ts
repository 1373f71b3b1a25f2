import type { Alarm } from '../../aws/cloudwatch.js';
import { fail, pass, skipped } from '../../core/finding.js';
import { PATH_ACTIONS, type PaymentPath, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';

export const alarmState: PathCheck = {
  id: 'alarm.state',
  title: 'No alarm of the path is ringing',
  area: 'alarm',
  severity: 'fail',
  item: 5,
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS, 'cloudwatch:DescribeAlarms'],
  operational: true,
  why: 'A ringing alarm says that payments are being lost or held up now. That none rings proves little: whether they can ring is what the other checks of alarms look at.',
  async inspect(world) {
    const path = await paymentPath(world);
    if (!path) return NOT_DEPLOYED;
    const [alarms, names] = await Promise.all([world.cloudwatch.listAlarms(), namesOf(world, path)]);
    const ours = alarms.filter((alarm) => isAbout(alarm, names));
    if (ours.length === 0) return skipped('no alarm watches the path');
    const ringing = ours.filter(({ state }) => state === 'ALARM');
    if (ringing.length === 0) return pass(`none of ${ours.length} rings`);
    return fail(
      ringing
        .map((alarm) => `${alarm.name} has been ringing since ${alarm.stateSince ?? 'some time'}`)
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
        remedy: { text: ringing.map(adviceOf).join('\n'), commands: [], fixable: false },
      },
    );
  },
};

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
