import { pass, skipped, unhealthy } from '../../core/finding.js';
import type { Requirement } from '../../core/requirement.js';
import { PATH_ACTIONS, type PaymentPath, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';
import { type AlarmCoverage, readCoverage } from './coverage.js';
import { type DeclaredAlarm, declaredAlarmFor } from './declared-alarms.js';
import type { RequiredMetric } from './required-metrics.js';

export interface WatchCheck extends Requirement {
  /** What must have an alarm; none where the path has no such part. */
  wanted(world: World, path: PaymentPath): Promise<RequiredMetric[]> | RequiredMetric[];
  /** Why there is nothing to watch. */
  nothing: string;
}

/** The check that everything wanted has an alarm that can fire. Its fix puts back the alarms of our own stack. */
export function watchCheck({ wanted, nothing, ...check }: WatchCheck): PathCheck {
  const unwatched = async (world: World): Promise<AlarmCoverage[]> => {
    const path = await paymentPath(world);
    if (!path) return [];
    return (await readCoverage(world, await wanted(world, path))).filter(({ alarms }) => alarms.length === 0);
  };
  const repairs = async (world: World): Promise<DeclaredAlarm[]> =>
    (await Promise.all((await unwatched(world)).map((one) => declaredAlarmFor(world, one.wanted)))).filter(
      (alarm) => alarm !== undefined,
    );
  return {
    needs: ['account.aws-region'],
    ...check,
    iam: [...PATH_ACTIONS, 'cloudformation:GetTemplate', 'cloudwatch:DescribeAlarms'],
    fixIam: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
    async inspect(world) {
      const path = await paymentPath(world);
      if (!path) return NOT_DEPLOYED;
      const things = await wanted(world, path);
      if (things.length === 0) return skipped(nothing);
      const missing = await unwatched(world);
      if (missing.length === 0)
        return pass(things.length === 1 ? 'watched' : `all ${things.length} metrics are watched`);
      const misses = [...new Set(missing.flatMap((one) => one.misses))];
      const fixable = (await repairs(world)).length > 0;
      return unhealthy(
        check.severity,
        [`no alarm covers ${missing.map((one) => one.wanted.what).join(', ')}`, ...misses].join('; '),
        {
          expected: missing.map((one) => described(one.wanted)).join('; '),
          actual: misses.join('; ') || 'no such alarm',
          remedy: fixable
            ? {
                text: "Put the stack's own alarms back as its template says.",
                commands: ['cachao doctor --fix'],
                fixable,
              }
            : {
                text: `Give each an alarm with exactly these dimensions${path.managed ? ': deploy the stack again' : ", in the stack's template"}.`,
                commands: path.managed ? ['cachao setup'] : [],
                fixable,
              },
        },
      );
    },
    fixLeaves: 'an alarm that the template of the stack does not state',
    async fix(world) {
      return (await repairs(world)).map(({ name, definition, tags }) => ({
        check: check.id,
        action: 'update',
        resource: 'alarm',
        name,
        details: [
          `metric: ${definition.namespace} ${definition.name}`,
          ...Object.entries(definition.dimensions).map(([key, value]) => `${key}: ${value}`),
        ],
        url: world.links.alarm(name),
        apply: (bench) => bench.cloudwatch.putAlarm(name, definition, tags),
      }));
    },
  };
}

function described({ metrics: [{ namespace, name, dimensions }] }: RequiredMetric): string {
  const pairs = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
  return `${namespace} ${name} with ${pairs.join(', ')}`;
}
