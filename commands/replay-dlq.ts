import { CachaoCommand } from '../src/cli/app/base-command.js';
import { agreeToReplay } from '../src/cli/replay-dlq/consent.js';
import { checkEngine, filterOf, replayFlags } from '../src/cli/replay-dlq/flags.js';
import {
  archived,
  drained,
  listed,
  nothingToDo,
  nothingWaits,
  planned,
  replayed,
  shown,
} from '../src/cli/replay-dlq/modes.js';
import { liveFlags, planFlags, stageFlags } from '../src/cli/shared/flags.js';
import { openStage } from '../src/cli/shared/open-stage.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { readTargets, requireHandler } from '../src/replay/targets.js';

export default class ReplayDlq extends CachaoCommand<typeof ReplayDlq> {
  static override summary = 'Redeliver every event in the dead-letter queues, safely.';
  static override description =
    `Delivers every waiting event to the function that should have taken it, and deletes its message only after the function said that it took it. What fails goes back at once; nothing is ever dropped. An event that did not come by this stage's own path is compared with Stripe first, so that a forged message cannot mark an order paid.

When the first deliveries all fail the same way it stops and says so: put the cause right, then run it again. Running it again is also how an interrupted run goes on.`;
  static override examples = [
    {
      description: 'List the messages: why each failed, and when it expires',
      command: '<%= config.bin %> <%= command.id %> --list',
    },
    {
      description: 'Show what a run would do with each message',
      command: '<%= config.bin %> <%= command.id %> --dry-run',
    },
    {
      description: 'Try one message first, to see whether the cause is fixed',
      command: '<%= config.bin %> <%= command.id %> --max 1',
    },
    { description: 'Everything, in a script', command: '<%= config.bin %> <%= command.id %> --yes --json' },
    {
      description: 'Inside AWS, for many thousands',
      command: '<%= config.bin %> <%= command.id %> --engine lambda',
    },
    {
      description: 'Redeliver everything EventBridge archived since yesterday',
      command: '<%= config.bin %> <%= command.id %> --from-archive --since 24h',
    },
    {
      description: 'Slowly, and only what failed because of the database',
      command: '<%= config.bin %> <%= command.id %> --error DATABASE_UNAVAILABLE --rate 5',
    },
  ];
  static override exitCodes = {
    '0': 'the queues are empty (a dry run: it could look)',
    '1': 'messages remain',
  };
  static override flags = {
    ...stageFlags,
    ...planFlags,
    ...liveFlags,
    ...replayFlags,
  };

  protected async perform(): Promise<CommandResult> {
    const { flags, prompts, signal } = this;
    const { settings } = await this.configuration();
    const { world, bench: open } = await openStage(this.context, settings);
    // A replay changes no set-up, so there is nothing to agree to but the replay.
    const bench = open({ changeSet: async () => false, recoverStack: async () => false }, signal);
    const targets = await readTargets(world);
    const filter = filterOf(flags);
    const replaying = {
      bench,
      targets,
      filter,
      max: flags.max,
      engine: flags.engine,
      display: this.progress,
    };
    if (flags.show !== undefined) return shown(replaying, flags.show);
    if (flags.list) return listed(replaying);
    const archive = flags['from-archive'];
    if (!archive) checkEngine(flags);
    if (flags['dry-run']) return planned(replaying);
    if (!archive && (await nothingWaits(replaying))) return nothingToDo(replaying);
    await requireHandler(targets, world);
    const agreed = await agreeToReplay(world, targets, {
      prompts,
      yes: flags.yes,
      handlerIsIdempotent: world.settings.handlerIsIdempotent,
      confirmLive: flags['confirm-live'],
      filter,
      max: flags.max ?? null,
      archive,
    });
    if (!agreed) return { outcome: 'declined', text: () => 'Declined: nothing was delivered.' };
    const { live } = this.terminal;
    if (archive) return archived(replaying, live);
    return flags.engine === 'lambda' ? drained(replaying, live) : replayed(replaying, flags, live);
  }
}
