import { undefinedIfUnavailable } from '../core/errors.js';
import type { PathFunction } from '../world/payment-path.js';
import type { World } from '../world/world.js';

/** An event seen at a function that keeps no ledger of ours. */
export interface Arrival {
  /** `log`: a line names the event. `metric`: the function ran, and nothing else was under way as far as we know. */
  shownBy: 'log' | 'metric';
  /** ISO 8601; null when only the metric tells. */
  at: string | null;
  /** Invocations that failed since. */
  errors: number;
}

const MINUTE_MS = 60_000;

/** Undefined until it shows: logs take seconds, metrics minutes. */
export async function arrivalAt(
  world: World,
  { name }: PathFunction,
  eventId: string,
  since: Date,
): Promise<Arrival | undefined> {
  const [line, errors] = await Promise.all([
    firstLine(world, name, eventId, since),
    sumOf(world, name, 'Errors', since),
  ]);
  if (line) return { shownBy: 'log', at: line, errors };
  const invocations = await sumOf(world, name, 'Invocations', since);
  return invocations > 0 ? { shownBy: 'metric', at: null, errors } : undefined;
}

async function firstLine(
  world: World,
  name: string,
  eventId: string,
  since: Date,
): Promise<string | undefined> {
  const found = await world.lambda.function(name);
  if (!found) return undefined;
  // Who may not read the logs still has the metric.
  const lines = await undefinedIfUnavailable(
    world.logs.filterEvents({
      group: found.logGroup,
      pattern: `"${eventId}"`,
      since: new Date(since.getTime() - MINUTE_MS).toISOString(),
      most: 1,
    }),
  );
  return lines?.[0]?.time;
}

/** Counted from the minute in which it began: CloudWatch knows no finer. */
async function sumOf(world: World, functionName: string, metric: string, since: Date): Promise<number> {
  const minutes = Math.ceil((Date.now() - since.getTime()) / MINUTE_MS) + 1;
  const points = await world.cloudwatch.metric({
    namespace: 'AWS/Lambda',
    name: metric,
    dimensions: { FunctionName: functionName },
    statistic: 'Sum',
    windowSeconds: minutes * 60,
    periodSeconds: 60,
  });
  const from = Math.floor(since.getTime() / MINUTE_MS) * MINUTE_MS;
  return points.filter(({ time }) => Date.parse(time) >= from).reduce((sum, { value }) => sum + value, 0);
}
