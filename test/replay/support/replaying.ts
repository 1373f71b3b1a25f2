import path from 'node:path';
import { EVERYTHING } from '../../../src/replay/filter.js';
import { Journal } from '../../../src/replay/journal.js';
import { Quarantine } from '../../../src/replay/quarantine.js';
import { type ReplayResult, replay } from '../../../src/replay/replay.js';
import type { ReplayOptions } from '../../../src/replay/run.js';
import { readTargets } from '../../../src/replay/targets.js';
import type { Bench } from '../../../src/world/bench.js';
import type { BenchOptions, Stage } from './stage.js';

export interface Replaying extends Partial<Omit<ReplayOptions, 'journal' | 'quarantine'>>, BenchOptions {
  quarantine?: boolean;
  /** Stands between the run and SQS. */
  sqs?(real: Bench['sqs']): Partial<Bench['sqs']>;
}

export async function replayOn(stage: Stage, given: Replaying = {}): Promise<ReplayResult> {
  const { quarantine, signal, settings, attempts, sqs, ...options } = given;
  const real = stage.bench({
    ...(signal ? { signal } : {}),
    ...(settings ? { settings } : {}),
    ...(attempts ? { attempts } : {}),
  });
  const bench = sqs ? withSqs(real, sqs(real.sqs)) : real;
  const targets = await readTargets(bench.world);
  const journal = await Journal.open(path.join(stage.directory, 'journal.jsonl'));
  try {
    return await replay(bench, targets, {
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

function withSqs(bench: Bench, changes: Partial<Bench['sqs']>): Bench {
  return new Proxy(bench, {
    get: (target, name, receiver) =>
      name === 'sqs'
        ? new Proxy(target.sqs, {
            get: (sqs, method) => Reflect.get(changes, method) ?? Reflect.get(sqs, method),
          })
        : Reflect.get(target, name, receiver),
  });
}
