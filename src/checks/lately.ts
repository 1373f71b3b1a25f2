import { duration } from '../core/duration.js';
import type { World } from '../world/world.js';

/** Retries and late metrics take so long: what has been quiet for less may go on. */
export const QUIET_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** How often something was counted within the window that doctor looks at, and when last. */
export interface Happened {
  count: number;
  /** Epoch milliseconds: the end of the last period in which it was; null: never. */
  lastAt: number | null;
  /** Its points, oldest first. */
  points: { at: number; value: number }[];
}

/** By the minute for windows of a day or less; CloudWatch keeps minutes for 15 days only. */
const periodOf = (windowMs: number): number => (windowMs <= DAY_MS ? 60 : 300);

/** Counts a metric within the window. A period counts that lies within it, or reaches into it. */
export async function happened(
  world: World,
  metric: { namespace: string; name: string; dimensions: Record<string, string> },
): Promise<Happened> {
  const { windowMs } = world.choices;
  const period = periodOf(windowMs);
  const now = Date.now();
  const found = await world.cloudwatch.metric({
    ...metric,
    statistic: 'Sum',
    windowSeconds: Math.ceil(windowMs / 1000 / period) * period,
    periodSeconds: period,
  });
  const points = found
    .map(({ time, value }) => ({ at: Date.parse(time), value }))
    .filter(({ at, value }) => value > 0 && at + period * 1000 > now - windowMs);
  const last = points.at(-1);
  return {
    count: points.reduce((sum, { value }) => sum + value, 0),
    lastAt: last ? Math.min(now, last.at + period * 1000) : null,
    points,
  };
}

/** What was counted from then on: in periods that began at or after it. */
export function countSince({ points }: Happened, since: number): number {
  return points.filter(({ at }) => at >= since).reduce((sum, { value }) => sum + value, 0);
}

/** The last of several; null when there was none. */
export function lastOf(all: readonly Happened[]): number | null {
  const times = all.flatMap(({ lastAt }) => lastAt ?? []);
  return times.length > 0 ? Math.max(...times) : null;
}

/** Whether it has been quiet for long enough, and something of the same kind went well since. */
export function isOver(lastAt: number, wellSince: number): boolean {
  return Date.now() - lastAt >= QUIET_MS && wellSince > 0;
}

/** "the last at 11:49Z, none for 35 min": the minute that CloudWatch knows. */
export function lastWords(lastAt: number): string {
  const quiet = Date.now() - lastAt;
  const none = quiet >= MINUTE_MS ? `, none for ${duration(Math.floor(quiet / MINUTE_MS) * MINUTE_MS)}` : '';
  return `the last at ${minuteOf(lastAt)}${none}`;
}

/** "11:49Z", with the day where it is another. */
export function minuteOf(at: number): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  const today = new Date().toISOString().slice(0, 10) === day;
  return `${today ? '' : `${day} `}${time.slice(0, 5)}Z`;
}
