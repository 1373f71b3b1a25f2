import { Flags } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { renderRotation } from '../src/cli/rotate-secret/render-report.js';
import { showRotation } from '../src/cli/rotate-secret/ui.js';
import { confirmLive } from '../src/cli/shared/confirm-live.js';
import { liveFlags, planFlags, seconds, stageFlags } from '../src/cli/shared/flags.js';
import { openStage } from '../src/cli/shared/open-stage.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { rotate } from '../src/rotation/rotate.js';

const GRACE_MS = 30_000;
const PROOF_MS = 120_000;

export default class RotateSecret extends CachaoCommand<typeof RotateSecret> {
  static override summary = 'Rotate the webhook signing secret without losing events.';
  static override description =
    `Stripe's API cannot change an endpoint's secret, so a second endpoint is made beside the old one. It sends nothing until both secrets are stored and every running function accepts the new one; then both send, a probe and a test checkout prove the new one, and only then the old endpoint goes, and a little later its secret. Functions read the change by themselves: nothing is deployed.

Safe to run again at any point: where a rotation stands is told from Stripe and SSM. While Stripe still retries an event that was never processed, the old endpoint stays, and the command says which.

It needs room for one more endpoint: Stripe allows 16. In live mode a session is created and expired instead of a payment.`;
  static override examples = [
    { description: 'Rotate, with a plan to confirm', command: '<%= config.bin %> <%= command.id %>' },
    { description: 'What would be done?', command: '<%= config.bin %> <%= command.id %> --dry-run' },
    { description: 'In a script', command: '<%= config.bin %> <%= command.id %> --yes --stage dev --json' },
  ];
  static override flags = {
    ...stageFlags,
    ...planFlags,
    ...liveFlags,
    grace: seconds({
      summary: 'How long to wait for retries before the old secret is removed (default 30).',
      helpValue: 'SECONDS',
      env: 'CACHAO_GRACE',
    }),
    timeout: seconds({
      summary: 'Time limit for the proof (default 120).',
      helpValue: 'SECONDS',
      env: 'CACHAO_CHECKOUT_TIMEOUT',
    }),
    'abandon-retries': Flags.boolean({
      summary: 'Remove the old endpoint although Stripe still retries events there.',
      env: 'CACHAO_ABANDON_RETRIES',
    }),
  };

  protected async perform(): Promise<CommandResult> {
    const { flags, progress: display, prompts, signal } = this;
    const { settings } = await this.configuration();
    const { world, bench } = await openStage(this.context, settings);
    const host = showRotation({
      display,
      prompts,
      canvas: this.terminal.err,
      yes: flags.yes,
      confirmLive: () => confirmLive(world, prompts, flags['confirm-live']),
    });
    const never = { changeSet: async () => false, recoverStack: async () => false };
    const result = await rotate(
      world,
      () => bench(never, signal),
      {
        dryRun: flags['dry-run'],
        graceMs: flags.grace ?? GRACE_MS,
        abandonRetries: flags['abandon-retries'],
        timeoutMs: flags.timeout ?? PROOF_MS,
      },
      host,
    );
    const { rotation, checkout, ...report } = result;
    return {
      ...report,
      more: { stage: settings.stage, rotation, checkout },
      text: (canvas) => renderRotation(result, canvas, settings),
    };
  }
}
