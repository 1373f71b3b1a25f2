import { setTimeout as sleep } from 'node:timers/promises';
import { isSamePlace, nameOf } from '../aws/arn.js';
import { CachaoError } from '../core/errors.js';
import type { Bench } from '../world/bench.js';
import type { World } from '../world/world.js';

const LOOK_MS = 2_000;
const ENDED = ['COMPLETED', 'CANCELLED', 'FAILED'];
/** What came in the last minutes may not be in the archive yet. */
const SETTLED_MS = 10 * 60_000;

export interface ArchiveOptions {
  /** Epoch milliseconds. */
  since: number;
  until: number;
  progress?(share: number): void;
  lookMs?: number;
}

export interface ArchiveResult {
  name: string;
  archive: string;
  /** ISO 8601. */
  since: string;
  until: string;
  state: string;
  reason: string | null;
  /** How far into the window it came. */
  lastReplayedAt: string | null;
  /** The window's end is so near that AWS may not have archived all of it. */
  recent: boolean;
}

/**
 * Has EventBridge send what its archive holds of a window to our rule once more. The handler sees each as delivered
 * again: what was applied stays as it is. A signal cancels the replay. @throws ARCHIVE_MISSING, ARCHIVE_UNTRUSTED
 */
export async function replayArchive(bench: Bench, options: ArchiveOptions): Promise<ArchiveResult> {
  const { world, signal } = bench;
  const { archive, busArn, ruleArn } = await archiveOf(world);
  const { since, until } = options;
  const name = `cachao-${world.settings.stage}-${Date.now()}`;
  const window = { from: new Date(since), to: new Date(until) };
  await bench.eventbridge.startReplay({
    name,
    archiveArn: archive.arn,
    busArn,
    ruleArns: [ruleArn],
    ...window,
  });
  let asked = false;
  for (;;) {
    world.eventbridge.forget('replay');
    const replay = await world.eventbridge.replay(name);
    const state = replay?.state ?? 'UNKNOWN';
    if (replay?.lastReplayedAt)
      options.progress?.((Date.parse(replay.lastReplayedAt) - since) / (until - since));
    if (ENDED.includes(state) || !replay)
      return {
        name,
        archive: archive.name,
        since: window.from.toISOString(),
        until: window.to.toISOString(),
        state,
        reason: replay?.reason ?? null,
        lastReplayedAt: replay?.lastReplayedAt ?? null,
        recent: Date.now() - until < SETTLED_MS,
      };
    if (signal.aborted && !asked) {
      asked = true;
      await bench.eventbridge.cancelReplay(name);
    }
    await sleep(options.lookMs ?? LOOK_MS, undefined, asked ? {} : { signal }).catch(() => undefined);
  }
}

async function archiveOf(world: World) {
  const outputs = await world.stackOutputs();
  const { archiveArn, archiveName, ruleArn } = outputs ?? {};
  const found = archiveName === undefined ? undefined : await world.eventbridge.describeArchive(archiveName);
  if (!world.settings.stack.managed || !archiveArn || !archiveName || !ruleArn || !found)
    throw new CachaoError({
      code: 'ARCHIVE_MISSING',
      message: `The stack ${world.settings.stack.name} keeps no archive of its events.`,
      next: ['Compare with Stripe instead, which keeps events for 30 days: cachao reconcile'],
    });
  // What an archive of another bus holds may be anybody's.
  if (
    !isSamePlace(found.sourceArn, archiveArn) ||
    nameOf(found.sourceArn) !== `event-bus/${outputs?.eventBusName}`
  )
    throw new CachaoError({
      code: 'ARCHIVE_UNTRUSTED',
      message: `The archive ${archiveName} holds the events of ${found.sourceArn}, not of this stage's partner bus.`,
      why: 'Only Stripe can put events on the partner bus; on another bus they may be forged.',
      next: ['Compare with Stripe instead, which keeps events for 30 days: cachao reconcile'],
    });
  return { archive: { arn: archiveArn, name: archiveName }, busArn: found.sourceArn, ruleArn };
}
