import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { reconcileResult, showReconcile } from '../src/cli/reconcile/ui.js';
import { confirmLive } from '../src/cli/shared/confirm-live.js';
import { liveFlags, planFlags, stageFlags } from '../src/cli/shared/flags.js';
import { openStage } from '../src/cli/shared/open-stage.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { moment } from '../src/cli/shared/time-flag.js';
import { reconcile } from '../src/reconcile/reconcile.js';
import { windowFrom } from '../src/reconcile/window.js';
import { Journal } from '../src/replay/journal.js';

export default class Reconcile extends CachaoCommand<typeof Reconcile> {
  static override summary = 'Compare Stripe with the orders, and deliver what is missing.';
  static override description =
    `Events can be lost without any queue: while a partner source is pending, AWS takes Stripe's events and drops them, and Stripe cannot send them again. So this lists what Stripe says happened, takes away what the ledger has, and says what is missing; and the other way round, which orders are paid that Stripe knows nothing of.

Only looks, unless --apply: then what is missing is delivered to the handler, which takes each event once, however often it comes. What is younger than ten minutes may still come by itself: it is told as in flight, with the time to look again, and delivered only with --include-in-flight. Safe to run again at any point.`;
  static override examples = [
    { description: 'What was lost in the last week?', command: '<%= config.bin %> <%= command.id %>' },
    { description: 'Deliver it', command: '<%= config.bin %> <%= command.id %> --apply' },
    {
      description: 'After an outage',
      command:
        '<%= config.bin %> <%= command.id %> --since 2026-11-24T13:00Z --until 2026-11-24T16:00Z --apply',
    },
    {
      description: 'Right after an outage, without waiting ten minutes',
      command: '<%= config.bin %> <%= command.id %> --apply --include-in-flight',
    },
    { description: 'On the local clouds', command: '<%= config.bin %> <%= command.id %> --local' },
  ];
  static override exitCodes = {
    1: 'something is missing or contradicts Stripe, or remains so',
  };
  static override flags = {
    ...stageFlags,
    ...planFlags,
    ...liveFlags,
    since: moment({
      summary: 'Start of the window: 24h, 7d, 2026-11-01; at most 30 days ago (default 7d).',
      helpValue: 'TIME',
      env: 'CACHAO_SINCE',
    }),
    until: moment({ summary: 'End of the window (default: now).', helpValue: 'TIME', env: 'CACHAO_UNTIL' }),
    apply: Flags.boolean({
      summary: 'Deliver missing events to the handler.',
      env: 'CACHAO_APPLY',
    }),
    'include-before': Flags.boolean({
      summary: 'With --apply: also events from before the ledger was created.',
      env: 'CACHAO_INCLUDE_BEFORE',
      dependsOn: ['apply'],
    }),
    'include-in-flight': Flags.boolean({
      summary: 'With --apply: also events younger than ten minutes, which may still arrive.',
      env: 'CACHAO_INCLUDE_IN_FLIGHT',
      dependsOn: ['apply'],
    }),
    concurrency: Flags.integer({
      summary: 'Number of concurrent deliveries.',
      helpValue: 'NUMBER',
      default: 5,
      min: 1,
      max: 100,
      env: 'CACHAO_CONCURRENCY',
    }),
    rate: Flags.integer({
      summary: 'Maximum deliveries per second.',
      helpValue: 'NUMBER',
      min: 1,
      env: 'CACHAO_RATE',
    }),
    journal: Flags.string({
      summary: 'Path of the run journal (default: a file in .cachao/reconcile).',
      helpValue: 'FILE',
      env: 'CACHAO_JOURNAL',
    }),
  };

  protected async perform(): Promise<CommandResult> {
    const { flags, signal } = this;
    const { window, beyond } = windowFrom(flags.since, flags.until, new Date());
    const { settings } = await this.configuration();
    const { world } = await openStage(this.context, settings);
    const host = showReconcile(this.progress, () => confirmLive(world, this.prompts, flags['confirm-live']));
    const result = await reconcile(
      world,
      {
        window,
        // Looking is what says what would be delivered.
        apply: flags.apply && !flags['dry-run'],
        includeBefore: flags['include-before'],
        includeInFlight: flags['include-in-flight'],
        concurrency: flags.concurrency,
        rate: flags.rate ?? null,
        openJournal: () => Journal.open(journalPath(flags.journal, settings.stage)),
      },
      host,
      signal,
    );
    return reconcileResult(result, {
      settings,
      beyond,
      verbose: flags.verbose,
      window: windowFlags(flags),
    });
  }
}

/** The window that was asked for, as times: "an hour ago" is another one when the next command is typed. */
function windowFlags({ since, until }: { since?: Date | undefined; until?: Date | undefined }): string {
  const flag = (name: string, time: Date | undefined) => (time ? ` --${name} ${time.toISOString()}` : '');
  return flag('since', since) + flag('until', until);
}

/** A file of its own for each run, so that no run's story is lost. */
function journalPath(given: string | undefined, stage: string): string {
  if (given !== undefined) return resolve(given);
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  return join(resolve('.cachao', 'reconcile'), `${stage}-${time}Z-${process.pid}.jsonl`);
}
