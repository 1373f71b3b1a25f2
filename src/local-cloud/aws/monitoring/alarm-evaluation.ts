import type { MetricStore } from './metric-store.js';
import type { Alarm, AlarmState } from './records.js';
import { byPeriod, valueOfBucket } from './statistics.js';

export interface Verdict {
  state: AlarmState;
  reason: string;
  datapoints: { time: number; value: number }[];
}

const COMPARISONS: Record<string, { breaches(value: number, threshold: number): boolean; words: string }> = {
  GreaterThanThreshold: { breaches: (value, threshold) => value > threshold, words: 'greater than' },
  GreaterThanOrEqualToThreshold: {
    breaches: (value, threshold) => value >= threshold,
    words: 'greater than or equal to',
  },
  LessThanThreshold: { breaches: (value, threshold) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: {
    breaches: (value, threshold) => value <= threshold,
    words: 'less than or equal to',
  },
};

export const COMPARISON_NAMES = Object.keys(COMPARISONS);

/**
 * What an alarm's state is to be at `now`, over its last evaluation periods; `undefined` when it stays (TreatMissingData
 * `ignore`). The running period takes part as soon as more data cannot take a breach back.
 */
export function evaluate(store: MetricStore, alarm: Alarm, now: number): Verdict | undefined {
  const period = alarm.period * 1000;
  const running = now - (now % period);
  const metric = {
    region: alarm.region,
    namespace: alarm.namespace,
    name: alarm.metricName,
    dimensions: alarm.dimensions,
  };
  const values = new Map(
    byPeriod(store, metric, running - alarm.evaluationPeriods * period, now + 1, alarm.period).map(
      ({ time, bucket }) => [time, valueOfBucket(bucket, alarm.statistic)],
    ),
  );
  const counts =
    alarm.comparison.startsWith('GreaterThan') && ['Sum', 'Maximum', 'SampleCount'].includes(alarm.statistic);
  const last = counts && values.has(running) ? running : running - period;
  const window = Array.from({ length: alarm.evaluationPeriods }, (_unused, index) => last - index * period);
  const datapoints = window.flatMap((time) => {
    const value = values.get(time);
    return value === undefined ? [] : [{ time, value }];
  });
  return verdict(alarm, datapoints, window.length - datapoints.length);
}

function verdict(
  alarm: Alarm,
  datapoints: { time: number; value: number }[],
  missing: number,
): Verdict | undefined {
  const comparison = COMPARISONS[alarm.comparison] as (typeof COMPARISONS)[string];
  const treat = alarm.missingData ?? 'missing';
  const needed = alarm.datapointsToAlarm ?? alarm.evaluationPeriods;
  const breaching = datapoints.filter(({ value }) => comparison.breaches(value, alarm.threshold));
  const counted = breaching.length + (treat === 'breaching' ? missing : 0);
  if (datapoints.length === 0 && treat === 'missing') {
    const points = `${missing} datapoint${missing === 1 ? ' was' : 's were'} unknown`;
    return { state: 'INSUFFICIENT_DATA', reason: `Insufficient Data: ${points}.`, datapoints };
  }
  if (datapoints.length === 0 && treat === 'ignore') return undefined;
  const state = counted >= needed ? 'ALARM' : 'OK';
  return { state, reason: reasonFor(alarm, state, datapoints, breaching, missing), datapoints };
}

function reasonFor(
  alarm: Alarm,
  state: AlarmState,
  datapoints: { time: number; value: number }[],
  breaching: { time: number; value: number }[],
  missing: number,
): string {
  const treated = alarm.missingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  if (datapoints.length === 0) {
    const periods = missing === 1 ? '1 period' : `${missing} periods`;
    const points = missing === 1 ? '1 missing datapoint was' : `${missing} missing datapoints were`;
    return `Threshold Crossed: no datapoints were received for ${periods} and ${points} treated as [${treated}].`;
  }
  const shown = state === 'ALARM' ? breaching : datapoints;
  const list = (shown.length > 0 ? shown : datapoints)
    .map(({ time, value }) => `${decimal(value)} (${stamp(time)})`)
    .join(', ');
  const words = COMPARISONS[alarm.comparison]?.words;
  const not = state === 'ALARM' ? '' : 'not ';
  const be = shown.length === 1 ? 'was' : 'were';
  const transition = `(minimum ${alarm.datapointsToAlarm ?? alarm.evaluationPeriods} datapoint${(alarm.datapointsToAlarm ?? alarm.evaluationPeriods) === 1 ? '' : 's'} for ${state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK'} transition)`;
  return `Threshold Crossed: ${shown.length} out of the last ${alarm.evaluationPeriods} datapoints [${list}] ${be} ${not}${words} the threshold (${decimal(alarm.threshold)}) ${transition}.`;
}

/** CloudWatch writes whole numbers as `1.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function stamp(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${clock.slice(0, 8)}`;
}
