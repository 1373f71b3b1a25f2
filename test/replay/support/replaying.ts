import path from 'node:path';
import type { Settings } from '../../../src/config/settings.js';
import { EVERYTHING } from '../../../src/replay/filter.js';
import { Journal } from '../../../src/replay/journal.js';
import { Quarantine } from '../../../src/replay/quarantine.js';
import { type ReplayResult, replay } from '../../../src/replay/replay.js';
import type { ReplayOptions } from '../../../src/replay/run.js';
import { readScene } from '../../../src/replay/scene.js';
import type { Stage } from './stage.js';

export interface Replaying extends Partial<Omit<ReplayOptions, 'journal' | 'quarantine'>> {
  quarantine?: boolean;
  signal?: AbortSignal;
  settings?: Partial<Settings>;
}

export async function replayOn(stage: Stage, given: Replaying = {}): Promise<ReplayResult> {
  const { quarantine, signal, settings, ...options } = given;
  const bench = stage.bench(settings, signal);
  const scene = await readScene(bench.world);
  const journal = await Journal.open(path.join(stage.directory, 'journal.jsonl'));
  try {
    return await replay(bench, scene, {
      filter: EVERYTHING,
      max: null,
      concurrency: 10,
      rate: null,
      quarantine: quarantine ? await Quarantine.open(path.join(stage.directory, 'quarantine')) : null,
      ...options,
      journal,
    });
  } finally {
    journal.close();
  }
}
