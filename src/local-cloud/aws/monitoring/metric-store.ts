import type { LocalCloud } from '../../kernel/cloud.js';
import type { Table } from '../../kernel/store.js';
import type { Bucket, Dimensions, SeriesHour } from './records.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** AWS keeps one-minute data for 15 days; three are enough here and keep the state small. */
const KEPT_MS = 3 * 24 * HOUR_MS;

export interface Metric {
  region: string;
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

/** Metric data in one-minute buckets, one record per metric and hour. Dimensions must agree exactly. */
export class MetricStore {
  private readonly hours: Table<SeriesHour>;

  constructor(private readonly cloud: LocalCloud) {
    this.hours = cloud.store.table('monitoring.hours');
  }

  put(metric: Metric, bucket: Bucket, unit: string, time: number): void {
    const hour = Math.floor(time / HOUR_MS);
    const key = hourKey(metric, hour);
    const known = this.hours.get(key);
    if (!known) this.forgetOld();
    const minute = String(Math.floor((time % HOUR_MS) / MINUTE_MS));
    const minutes = { ...known?.minutes, [minute]: merged(known?.minutes[minute], bucket) };
    this.hours.set(key, known ? { ...known, minutes } : { ...metric, unit, hour, minutes });
  }

  /** Minutes with data in `[from, to)` ms, oldest first. */
  minutes(metric: Metric, from: number, to: number): { time: number; bucket: Bucket }[] {
    const found: { time: number; bucket: Bucket }[] = [];
    for (let hour = Math.floor(from / HOUR_MS); hour * HOUR_MS < to; hour += 1) {
      const record = this.hours.get(hourKey(metric, hour));
      for (const [minute, bucket] of Object.entries(record?.minutes ?? {})) {
        const time = hour * HOUR_MS + Number(minute) * MINUTE_MS;
        if (time >= from - (from % MINUTE_MS) && time < to) found.push({ time, bucket });
      }
    }
    return found.sort((one, other) => one.time - other.time);
  }

  /** The unit that a metric was put with. */
  unit(metric: Metric, time: number): string | undefined {
    for (let hour = Math.floor(time / HOUR_MS); hour > Math.floor((time - KEPT_MS) / HOUR_MS); hour -= 1) {
      const record = this.hours.get(hourKey(metric, hour));
      if (record) return record.unit;
    }
    return undefined;
  }

  /** Every metric of a region that has data, newest data first. */
  list(region: string): (Metric & { last: number })[] {
    const metrics = new Map<string, Metric & { last: number }>();
    for (const { region: of, namespace, name, dimensions, hour, minutes } of this.hours.values()) {
      if (of !== region) continue;
      const key = metricKey({ region, namespace, name, dimensions });
      const last = hour * HOUR_MS + Math.max(...Object.keys(minutes).map(Number)) * MINUTE_MS;
      if ((metrics.get(key)?.last ?? 0) < last)
        metrics.set(key, { region, namespace, name, dimensions, last });
    }
    return [...metrics.values()].sort((one, other) => other.last - one.last);
  }

  private forgetOld(): void {
    const oldest = (this.cloud.clock.now() - KEPT_MS) / HOUR_MS;
    for (const [key, { hour }] of this.hours.entries()) if (hour < oldest - 1) this.hours.delete(key);
  }
}

export function metricKey({ region, namespace, name, dimensions }: Metric): string {
  return JSON.stringify([region, namespace, name, Object.entries(dimensions).sort()]);
}

function hourKey(metric: Metric, hour: number): string {
  return `${metricKey(metric)}@${hour}`;
}

export function merged(one: Bucket | undefined, other: Bucket): Bucket {
  if (!one) return other;
  return [one[0] + other[0], one[1] + other[1], Math.min(one[2], other[2]), Math.max(one[3], other[3])];
}
