import { isDeepStrictEqual } from 'node:util';
import type { Alarm, Metric } from '../../aws/cloudwatch.js';
import type { World } from '../../world/world.js';
import type { RequiredMetric } from './required-metrics.js';

export interface AlarmCoverage {
  wanted: RequiredMetric;
  /** Alarms on exactly this metric. They can fire; whom they tell is another question. */
  alarms: Alarm[];
  /** Alarms that were meant for it and never fire, and why: one sentence each. */
  misses: string[];
}

/**
 * What watches what must be watched, among every alarm of the region. Decided by namespace, metric and dimensions
 * alone: an alarm on a metric that does not exist stays OK, or without data, for ever.
 */
export async function readCoverage(
  world: World,
  wanted: readonly RequiredMetric[],
): Promise<AlarmCoverage[]> {
  const alarms = await world.cloudwatch.listAlarms();
  return wanted.map((one) => {
    const watching = alarms.filter((alarm) => alarm.metrics.some((metric) => isWanted(metric, one)));
    return {
      wanted: one,
      alarms: watching.filter(rises),
      misses: [
        ...watching
          .filter((alarm) => !rises(alarm))
          .map((alarm) => `${alarm.name} rings when there are few (${alarm.comparison})`),
        ...alarms
          .filter((alarm) => !watching.includes(alarm))
          .flatMap((alarm) => alarm.metrics.flatMap((metric) => missOf(alarm, metric, one))),
      ],
    };
  });
}

function isWanted(metric: Metric, { metrics }: RequiredMetric): boolean {
  return metrics.some((one) => isDeepStrictEqual({ ...one }, { ...metric }));
}

/** Alarms on metric maths may compare in any way. */
function rises(alarm: Alarm): boolean {
  return alarm.metricName === null || alarm.comparison.startsWith('GreaterThan');
}

/** Why an alarm that speaks of the same thing does not watch it. */
function missOf(alarm: Alarm, metric: Metric, { metrics: [wanted], about }: RequiredMetric): string[] {
  if (metric.namespace !== wanted.namespace) return [];
  if (metric.name.toLowerCase() !== wanted.name.toLowerCase()) return [];
  if (!Object.values(metric.dimensions).some((value) => mentions(value, about))) return [];
  const reasons = [
    ...(metric.name === wanted.name ? [] : [`watches ${metric.name}, which is called ${wanted.name}`]),
    ...differences(metric.dimensions, wanted.dimensions),
  ];
  return [`${alarm.name} ${reasons.join(' and ')}, so it never fires`];
}

/** As it is, or inside an ARN or a URL. */
function mentions(value: string, name: string): boolean {
  return value.split(/[:/|]/).includes(name) || value === name;
}

function differences(actual: Record<string, string>, wanted: Record<string, string>): string[] {
  return [
    ...Object.entries(wanted).flatMap(([key, value]) => {
      const found = actual[key];
      if (found === value) return [];
      if (found === undefined) return [`lacks the dimension ${key}`];
      if (found.startsWith('arn:')) return [`has an ARN as ${key}, where the name belongs`];
      return [`has the ${key} ${found}`];
    }),
    ...Object.keys(actual)
      .filter((key) => !(key in wanted))
      .map((key) => `also has the dimension ${key}`),
  ];
}
