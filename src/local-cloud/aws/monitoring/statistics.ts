import { notSupported } from './errors.js';
import { type Metric, type MetricStore, merged } from './metric-store.js';
import type { Bucket, Statistic } from './records.js';

const STATISTICS: Statistic[] = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];

/** Refuses percentiles and other extended statistics: minutes keep no single values. */
export function statisticOf(name: string): Statistic {
  const known = STATISTICS.find((one) => one === name);
  if (!known) throw notSupported(`the statistic ${name}; it has ${STATISTICS.join(', ')}`);
  return known;
}

export function valueOfBucket([sum, count, minimum, maximum]: Bucket, statistic: Statistic): number {
  switch (statistic) {
    case 'SampleCount':
      return count;
    case 'Average':
      return sum / count;
    case 'Sum':
      return sum;
    case 'Minimum':
      return minimum;
    case 'Maximum':
      return maximum;
  }
}

/** A metric by period, aligned to the period as CloudWatch aligns; periods without data are absent. Oldest first. */
export function byPeriod(
  store: MetricStore,
  metric: Metric,
  from: number,
  to: number,
  periodSeconds: number,
): { time: number; bucket: Bucket }[] {
  const period = periodSeconds * 1000;
  const start = from - (from % period);
  const periods = new Map<number, Bucket>();
  for (const { time, bucket } of store.minutes(metric, start, to)) {
    const begin = time - (time % period);
    periods.set(begin, merged(periods.get(begin), bucket));
  }
  return [...periods].map(([time, bucket]) => ({ time, bucket }));
}
