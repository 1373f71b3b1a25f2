import { Flags } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { renderDestroy } from '../src/cli/destroy/render-report.js';
import { showDestruction } from '../src/cli/destroy/ui.js';
import { deletionFlags, liveFlags, planFlags, stageFlags } from '../src/cli/shared/flags.js';
import { openStage } from '../src/cli/shared/open-stage.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { destroy } from '../src/destroy/destroy.js';

export default class Destroy extends CachaoCommand<typeof Destroy> {
  static override summary = 'Delete everything cachao created for a stage, and nothing else.';
  static override description =
    `Finds what is tagged for this stage (Stripe metadata, AWS tags), shows it, and removes it in a safe order: webhook endpoint, stack, event bus, event destination, secrets, artifacts. Safe to run again at any point.

What holds data stays unless --delete-data is given: the dead-letter queues with their messages, the event archive and its bus, the ledger (its tables go with the last stage that uses them). The shop's tables are never touched. What others put on our bus, and what other stages share, stays with its reason.

Deleting needs more than --yes: the stage's name typed at the prompt, or --allow-deletions as well. A live stage wants its Stripe account typed, or --confirm-live.`;
  static override examples = [
    {
      description: 'Show what would be deleted and what would stay',
      command: '<%= config.bin %> <%= command.id %> --dry-run',
    },
    {
      description: 'Delete the stage, but keep what holds data',
      command: '<%= config.bin %> <%= command.id %> --stage dev',
    },
    {
      description: 'Delete all of it, in a script',
      command: '<%= config.bin %> <%= command.id %> --stage dev --yes --allow-deletions --delete-data',
    },
  ];
  static override flags = {
    ...stageFlags,
    ...planFlags,
    ...deletionFlags,
    ...liveFlags,
    'delete-data': Flags.boolean({
      summary: 'Also delete what holds data or messages: queues, archive, ledger tables.',
      env: 'CACHAO_DELETE_DATA',
    }),
  };

  protected async perform(): Promise<CommandResult> {
    const { flags, progress: display, prompts, signal } = this;
    const { settings, file, stageInFile } = await this.configuration();
    const { world, bench } = await openStage(this.context, settings);
    const host = showDestruction({
      world,
      display,
      prompts,
      canvas: this.terminal.err,
      yes: flags.yes,
      allowDeletions: flags['allow-deletions'],
      confirmLive: flags['confirm-live'],
    });
    const never = { changeSet: async () => false, recoverStack: async () => false };
    const options = { dryRun: flags['dry-run'], deleteData: flags['delete-data'] };
    const { kept, remaining, ...result } = await destroy(world, () => bench(never, signal), options, host);
    return {
      ...result,
      more: { stage: settings.stage, kept, remaining },
      text: (canvas) =>
        renderDestroy({ ...result, kept, remaining }, canvas, {
          stage: settings.stage,
          file: stageInFile ? file : null,
        }),
    };
  }
}
