import { Flags } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { renderDeploy } from '../src/cli/deploy/render-report.js';
import { showDeployment } from '../src/cli/deploy/ui.js';
import { confirmLive } from '../src/cli/shared/confirm-live.js';
import { deletionFlags, liveFlags, planFlags, settingFlags, stageFlags } from '../src/cli/shared/flags.js';
import { openStage } from '../src/cli/shared/open-stage.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { deploy } from '../src/deploy/deploy.js';

export default class Deploy extends CachaoCommand<typeof Deploy> {
  static override summary = 'Deploy only the stack, after a preview of the changes.';
  static override description =
    `Uploads the functions that are new, lets CloudFormation work out a change set, shows it with what it replaces and deletes first, and executes it when you agree. Nothing to change is success. What was changed by hand and would be overwritten is shown before.

The event destination, its bus and the secrets must be there: cachao setup makes them. Settings given here are saved, as setup does.

When a deployment fails, CloudFormation itself rolls back to the last good state, cachao names the first root cause, and running it again goes on from there. To go back to an earlier version, check it out, build, and deploy: code is found by its content, and the earlier zips are still there.`;
  static override examples = [
    { description: 'See the change set, and decide', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Show what differs from what is deployed; uploads nothing',
      command: '<%= config.bin %> <%= command.id %> --dry-run',
    },
    {
      description: 'Create the change set for a colleague to review and execute',
      command: '<%= config.bin %> <%= command.id %> --no-execute',
    },
    { description: 'In a script', command: '<%= config.bin %> <%= command.id %> --yes --stage dev --json' },
  ];
  static override flags = {
    ...stageFlags,
    ...planFlags,
    ...deletionFlags,
    ...liveFlags,
    ...settingFlags,
    'no-execute': Flags.boolean({
      summary: 'Create and show the change set, but do not execute it.',
      env: 'CACHAO_NO_EXECUTE',
    }),
    'skip-drift': Flags.boolean({
      summary: 'Skip drift detection before deploying.',
      env: 'CACHAO_SKIP_DRIFT',
    }),
  };

  protected async perform(): Promise<CommandResult> {
    const { flags, progress: display, prompts, signal } = this;
    const { settings } = await this.configuration({ save: !flags['dry-run'] });
    const { world, bench } = await openStage(this.context, settings);
    const { host, consent } = showDeployment({
      prompts,
      display,
      canvas: this.terminal.err,
      yes: flags.yes,
      allowDeletions: flags['allow-deletions'],
      execute: !flags['no-execute'],
      confirmWrites: () => confirmLive(world, prompts, flags['confirm-live']),
    });
    const result = await deploy(
      world,
      () => bench(consent, signal),
      { dryRun: flags['dry-run'], execute: !flags['no-execute'], drift: !flags['skip-drift'] },
      host,
    );
    const { name: stack } = settings.stack;
    return {
      ...result,
      more: {
        stage: settings.stage,
        changeSet: result.changeSet,
        handMade: result.handMade,
        driftUnknown: result.driftUnknown,
      },
      text: (canvas) => renderDeploy(result, canvas, { stack }),
    };
  }
}
