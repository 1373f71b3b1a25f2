import type { LocalCloud } from '../../kernel/cloud.js';
import type { Archives } from './archives.js';
import type { Buses } from './buses.js';
import type { Ingest } from './ingest.js';
import type { EventsTables, ReplayRecord } from './records.js';

/** Events are replayed a minute of their time at once, unordered within it. */
const BUCKET = 60_000;
/** Between two steps of a replay, in the cloud's time. */
const STEP = 1000;

/** Replays: archived events given to rules of their own bus again, step by step. */
export class Replays {
  constructor(
    private readonly cloud: LocalCloud,
    private readonly tables: EventsTables,
    private readonly archives: Archives,
    private readonly buses: Buses,
    private readonly ingest: Ingest,
  ) {}

  /** Continues what was going on when the cloud stopped; the bucket under way is replayed again. */
  start(): void {
    for (const replay of this.tables.replays.values())
      if (['STARTING', 'RUNNING', 'CANCELLING'].includes(replay.state)) this.schedule(replay.arn);
  }

  begin(replay: ReplayRecord): void {
    this.tables.replays.set(replay.arn, replay);
    this.schedule(replay.arn);
  }

  private schedule(arn: string): void {
    this.cloud.clock.after(STEP, () => {
      const replay = this.tables.replays.get(arn);
      if (!replay) return;
      const next = this.step(replay);
      this.tables.replays.set(arn, next);
      this.cloud.store.flush();
      if (next.endedAt === undefined) this.schedule(arn);
    });
  }

  private step(replay: ReplayRecord): ReplayRecord {
    const now = this.cloud.clock.now();
    if (replay.state === 'CANCELLING') return { ...replay, state: 'CANCELLED', endedAt: now };
    if (replay.state === 'STARTING') return { ...replay, state: 'RUNNING' };
    const archive = this.tables.archives.get(replay.archiveArn);
    const bus = this.buses.find(replay.region, replay.bus);
    if (!archive || !bus)
      return {
        ...replay,
        state: 'FAILED',
        stateReason: 'The archive or its event bus was deleted.',
        endedAt: now,
      };
    const left = this.archives.between(archive, replay.cursor, replay.to);
    if (left.length === 0) return { ...replay, state: 'COMPLETED', endedAt: now };
    const first = Math.min(...left.map(({ at }) => at));
    const bucketEnd = first - (first % BUCKET) + BUCKET;
    const bucket = left.filter(({ at }) => at < bucketEnd);
    for (const { event } of shuffled(bucket))
      this.ingest.onto(bus, withReplayName(event, replay.name), { onlyRules: replay.filterArns });
    return { ...replay, cursor: bucketEnd, lastReplayedAt: Math.max(...bucket.map(({ at }) => at)) };
  }
}

function withReplayName<E extends { resources: string[]; detail: unknown }>(
  event: E,
  name: string,
): E & { 'replay-name': string } {
  const { resources, detail, ...head } = event;
  return { ...head, 'replay-name': name, resources, detail } as unknown as E & { 'replay-name': string };
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
