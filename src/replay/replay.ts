import type { CachaoError } from '../core/errors.js';
import type { Bench } from '../world/bench.js';
import type { Cause } from './circuit-breaker.js';
import { DeliveryWorker } from './delivery-worker.js';
import type { Counts, Reason } from './outcome-counter.js';
import { Reader } from './reader.js';
import { type ReplayOptions, Run } from './run.js';
import type { ReplayTargets } from './targets.js';
import type { ReplayQueue } from './types.js';

export interface QueueResult {
  queue: ReplayQueue;
  /** Messages that stand in it now, as far as is known. */
  remaining: number;
}

export interface ReplayResult {
  counts: Counts;
  reasons: Reason[];
  queues: QueueResult[];
  /** In both queues. */
  remaining: number;
  /** Of those: not seen, because somebody else held them. */
  elsewhere: number;
  /** The run stopped early, because the handler is broken and not the events. */
  cause: Cause | null;
  /** The run stopped early, because a service did not answer, or refused. */
  error: CachaoError | null;
  startedAt: string;
  endedAt: string;
}

/**
 * Delivers the messages of both dead-letter queues to the function that should have taken them, and deletes each only
 * after the function said that it took the event. What fails is back in its queue at once. Stops at a safe point when
 * the bench's signal says so. @throws only defects: what went wrong stands in the result
 */
export async function replay(
  bench: Bench,
  targets: ReplayTargets,
  options: ReplayOptions,
): Promise<ReplayResult> {
  const run = new Run(bench, targets, options);
  const readers = targets.queues.map((queue) => new Reader(run, queue));
  const courier = new DeliveryWorker(run);
  const reading = Promise.all(readers.map((reader) => reader.read())).finally(() => run.buffer.close());
  await Promise.all([reading, ...Array.from({ length: options.concurrency }, () => courier.work())]);
  await run.close();
  if (run.defect !== undefined) throw run.defect;
  return summarise(run, readers);
}

async function summarise(run: Run, readers: Reader[]): Promise<ReplayResult> {
  const elsewhere = readers.reduce((sum, reader) => sum + reader.elsewhere, 0);
  const queues = await Promise.all(
    readers.map(async (reader) => ({ queue: reader.queue, remaining: await remainingIn(run, reader) })),
  );
  return {
    counts: run.tally.counts,
    reasons: run.tally.reasons,
    queues,
    remaining: queues.reduce((sum, { remaining }) => sum + remaining, 0),
    elsewhere,
    cause: run.cause,
    error: run.error,
    startedAt: new Date(run.startedAt).toISOString(),
    endedAt: new Date().toISOString(),
  };
}

/** What SQS counts lags behind by up to a minute: a queue that was read to its end is known better by what was left. */
async function remainingIn({ bench, tally }: Run, { queue, drained, elsewhere }: Reader): Promise<number> {
  const left = tally.leftIn(queue.name) + elsewhere;
  if (drained) return left;
  bench.world.sqs.forget('queue');
  const now = await bench.world.sqs.queue(queue.url).catch(() => undefined);
  return Math.max(left, (now?.visible ?? 0) + (now?.inFlight ?? 0) + (now?.delayed ?? 0));
}
