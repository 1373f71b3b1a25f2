import { Flags } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import {
  type AdminAddress,
  confirmSubscription,
  followHappenings,
  inbox,
} from '../src/cli/local/admin-client.js';
import { renderAddresses, renderHappening, renderInbox } from '../src/cli/local/render-report.js';
import { stageFlags } from '../src/cli/shared/flags.js';
import {
  joinRunning,
  launch,
  localCloudEntry,
  localStateDirectory,
} from '../src/cli/shared/local-session.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import type { LaunchedCloud } from '../src/local-cloud/launch.js';

export default class Local extends CachaoCommand<typeof Local> {
  static override summary = 'Run the embedded AWS and Stripe in the foreground.';
  static override description =
    `Runs the local clouds in the foreground and shows what flows through them. Every command with --local in the same directory uses the same ones. Ctrl-C ends them; their state stays under .cachao/local.`;
  static override examples = [
    { description: 'Watch what flows', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Point this shell at the local cloud in another terminal',
      command: 'eval "$(<%= config.bin %> <%= command.id %> --export)"',
    },
    {
      description: 'Show the e-mails AWS would have sent',
      command: '<%= config.bin %> <%= command.id %> --inbox',
    },
    { description: 'Start from nothing', command: '<%= config.bin %> <%= command.id %> --reset' },
  ];
  static override exitCodes = { '3': '', '4': '' };
  static override flags = {
    local: Flags.boolean({
      summary: 'Accepted and ignored: this command is always local.',
      hidden: true,
      env: 'CACHAO_LOCAL',
    }),
    config: stageFlags.config,
    port: Flags.integer({
      summary: 'Port of the embedded AWS (default: the last one, or a free one).',
      min: 1,
      max: 65_535,
      env: 'CACHAO_PORT',
    }),
    reset: Flags.boolean({ summary: 'Delete all state first.', exclusive: ['inbox', 'confirm', 'export'] }),
    inbox: Flags.boolean({
      summary: 'Show the e-mails that would have been sent, and exit.',
      exclusive: ['confirm', 'export'],
    }),
    confirm: Flags.boolean({
      summary: 'Confirm the oldest pending subscription, and exit.',
    }),
    export: Flags.boolean({ summary: 'Print export lines for a shell, and exit.' }),
  };

  /** It runs them itself. */
  protected override readonly usesClouds = false;

  protected async perform(): Promise<CommandResult> {
    const { port, reset } = this.flags;
    const stateDirectory = localStateDirectory(process.cwd(), this.flags.config);
    if (this.flags.export) return this.export(await joinRunning(stateDirectory));
    const clouds = await launch({
      stateDirectory,
      entry: localCloudEntry(this.root),
      ...(port === undefined ? {} : { ports: { aws: port } }),
      ...(reset ? { reset } : {}),
    });
    try {
      for (const warning of clouds.warnings) this.say(`Warning: ${warning}`);
      const { aws, stripe, environment } = clouds;
      if (this.flags.inbox) return await this.showInbox(clouds);
      if (this.flags.confirm) return await this.confirm(clouds);
      this.announce({
        outcome: 'ok',
        more: { aws, stripe, startedHere: clouds.startedHere },
        text: (canvas) => renderAddresses(environment, canvas),
      });
      const onTerminal = process.stderr.isTTY === true;
      await followHappenings(clouds, this.signal, (happening) => {
        if (!this.json) this.say(renderHappening(happening, this.terminal.err, onTerminal));
      });
      return { outcome: 'ok' };
    } finally {
      await clouds.release();
    }
  }

  private async export({ aws, stripe, environment, release }: LaunchedCloud): Promise<CommandResult> {
    await release();
    if (!this.json) process.stdout.write(`${exportLines(environment)}\n`);
    return { outcome: 'ok', more: { aws, stripe } };
  }

  private async showInbox(cloud: AdminAddress): Promise<CommandResult> {
    const mails = await inbox(cloud);
    const shown = mails.map(({ token, ...mail }) => ({ ...mail, wantsConfirmation: token !== null }));
    return { outcome: 'ok', more: { mails: shown }, text: (canvas) => renderInbox(mails, canvas) };
  }

  private async confirm(cloud: AdminAddress): Promise<CommandResult> {
    const confirmed = await confirmSubscription(cloud);
    return { outcome: 'changed', more: { confirmed }, text: () => `Confirmed ${confirmed}.` };
  }
}

/** Keys of a cloud that exists only on this machine are no secrets, and useless when they are hidden. */
function exportLines(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value}'`)
    .join('\n');
}
