import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import type { Filter } from '../../replay/filter.js';
import { idempotentFlags, twin } from '../shared/flags.js';
import { usage } from '../shared/usage-error.js';

const MESSAGES = 'MESSAGES';
/** Beyond this a list helps nobody; a run has no such limit. */
const MOST_LISTED = 10_000;

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What only a run on this machine can heed. */
const LOCAL_ONLY = ['type', 'event', 'order', 'error', 'since', 'until', 'max', 'rate', 'quarantine'];

/** A moment as a flag, epoch milliseconds in the code: `2h` ago, or a date. */
const moment = Flags.custom<number>({
  helpValue: 'TIME',
  parse: async (text) => {
    const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
    if (count !== undefined && unit !== undefined) return Date.now() - Number(count) * (UNITS[unit] ?? 0);
    const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(time)) return time;
    throw new Error(`Expected a time such as 90m, 2h, 3d (ago) or 2026-11-23T10:00Z, not "${text}".`);
  },
});

const list = (summary: string, helpValue: string) =>
  Flags.string({ summary, helpValue, multiple: true, delimiter: ',', helpGroup: MESSAGES });

/** What to look at or deliver, this once: none of these has a twin in the environment. */
const filterFlags = {
  type: list('Only events of these types.', 'TYPE'),
  event: list('Only these events; or messages, by their ids.', 'EVT_ID'),
  order: list('Only events of these orders.', 'ORDER_ID'),
  error: list(
    'Only what is there, or would be refused, for this reason: its word, or a part of its text.',
    'WORD',
  ),
  since: moment({
    summary: 'Only messages that arrived since then: 2h (ago), or a date.',
    helpGroup: MESSAGES,
  }),
  until: moment({ summary: 'Only messages that arrived before then.', helpGroup: MESSAGES }),
};

export const replayFlags = {
  list: Flags.boolean({
    char: 'l',
    summary: 'Only list the messages, why they failed, and when they expire.',
    exclusive: ['show', 'dry-run'],
  }),
  show: Flags.string({
    summary: 'Only show this message, by message id or event id.',
    helpValue: 'ID',
    exclusive: ['list', 'dry-run'],
  }),
  ...filterFlags,
  max: Flags.integer({
    summary: 'Maximum number of messages.',
    min: 1,
    env: twin('max'),
    helpGroup: MESSAGES,
  }),
  concurrency: Flags.integer({
    summary: 'Number of concurrent deliveries.',
    default: 10,
    min: 1,
    max: 100,
    env: twin('concurrency'),
  }),
  rate: Flags.custom<number>({
    parse: async (text) => {
      const value = Number(text);
      if (Number.isFinite(value) && value > 0) return value;
      throw new Error(`Expected a number above zero, not "${text}".`);
    },
  })({
    summary: 'Maximum deliveries per second (default: no limit).',
    helpValue: 'NUMBER',
    env: twin('rate'),
  }),
  quarantine: Flags.string({
    summary: 'Move messages that can never be delivered into files in this directory.',
    helpValue: 'DIR',
    env: twin('quarantine'),
  }),
  journal: Flags.string({
    summary: 'Path of the run journal (default: a file in .cachao/replay).',
    helpValue: 'FILE',
    env: twin('journal'),
  }),
  engine: Flags.option({
    summary: 'Deliver from this machine, or from inside AWS for many thousands.',
    options: ['local', 'lambda'] as const,
    default: 'local',
    env: twin('engine'),
  })(),
  'from-archive': Flags.boolean({
    summary: 'Redeliver from the archive since --since, instead of from the queues.',
    dependsOn: ['since'],
    exclusive: ['list', 'show', 'dry-run', 'max', 'type', 'event', 'order', 'error'],
  }),
  ...idempotentFlags,
};

interface FilterValues {
  type?: string[] | undefined;
  event?: string[] | undefined;
  order?: string[] | undefined;
  error?: string[] | undefined;
  since?: number | undefined;
  until?: number | undefined;
}

export function filterOf(flags: FilterValues): Filter {
  return {
    types: flags.type ?? [],
    events: flags.event ?? [],
    orders: flags.order ?? [],
    errors: flags.error ?? [],
    since: flags.since ?? null,
    until: flags.until ?? null,
  };
}

/** Looking on for what is meant has an end of its own. */
export const looksAtMost = (max: number | undefined): number => Math.max(max ?? 0, MOST_LISTED);

/** A file of its own for each run, so that no run's story is lost. */
export function journalPath(given: string | undefined, stage: string): string {
  if (given !== undefined) return resolve(given);
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  return join(resolve('.cachao', 'replay'), `${stage}-${time}Z-${process.pid}.jsonl`);
}

interface EngineFlags extends FilterValues {
  engine: 'local' | 'lambda';
  max?: number | undefined;
  rate?: number | undefined;
  quarantine?: string | undefined;
}

/** The drain inside AWS takes all there is, at its own pace. @throws FLAG_CONFLICT */
export function checkEngine(flags: EngineFlags): void {
  if (flags.engine === 'local') return;
  const given = Object.entries(flags).filter(
    ([name, value]) => LOCAL_ONLY.includes(name) && value !== undefined,
  );
  if (given.length > 0)
    throw usage(
      'FLAG_CONFLICT',
      `--engine lambda empties the queues whole: leave ${given.map(([name]) => `--${name}`).join(', ')} out.`,
      'replay-dlq',
    );
}
