import { Flags } from '@oclif/core';
import { CHECKS } from '../src/checks/registry.js';
import { CachaoCommand } from '../src/cli/base-command.js';
import { stageFlags } from '../src/cli/flags.js';
import { openWorld } from '../src/cli/open-world.js';
import type { CommandResult } from '../src/cli/result.js';
import { databasePassword, stripeKey } from '../src/config/secrets.js';
import { diagnose } from '../src/doctor/diagnose.js';
import { renderDoctor } from '../src/output/doctor-report.js';
import { DEFAULT_CHOICES } from '../src/world/world.js';

export default class Doctor extends CachaoCommand<typeof Doctor> {
  static override summary = 'Check everything that a payment rests on.';
  static override description =
    'Looks at what is really deployed, on Stripe and AWS, and says what is wrong, why it matters, and what to do. Looking changes nothing.';
  static override examples = [
    { description: 'How does the stage stand?', command: '<%= config.bin %> <%= command.id %>' },
    { description: 'On the local clouds', command: '<%= config.bin %> <%= command.id %> --local' },
    { description: 'For a machine', command: '<%= config.bin %> <%= command.id %> --stage prod --json' },
  ];
  static override flags = {
    ...stageFlags,
    strict: Flags.boolean({
      summary: 'Warnings count as problems: exit 1.',
      env: 'CACHAO_STRICT',
    }),
    deep: Flags.boolean({
      summary: 'Also the checks that take long.',
      env: 'CACHAO_DEEP',
    }),
  };

  protected async perform(): Promise<CommandResult> {
    const { flags } = this;
    const { settings } = await this.configuration();
    const { world } = openWorld({
      settings,
      choices: DEFAULT_CHOICES,
      stripeKey: (await stripeKey(settings.mode, process.env))?.secret,
      databasePassword: databasePassword(process.env)?.secret,
      environment: process.env,
      root: this.root,
      version: this.config.version,
    });
    const checks = CHECKS.filter((check) => flags.deep || !check.deep);
    const diagnosis = await this.progress.step(`Looking at ${checks.length} things`, (step) =>
      diagnose(world, checks, flags, {
        slow: (check, afterMs) => step.note(`still at ${check.id} after ${afterMs / 1000} s`),
      }),
    );
    return {
      outcome: diagnosis.outcome,
      exitCode: diagnosis.exitCode,
      findings: diagnosis.findings,
      more: { stage: diagnosis.stage, deployed: diagnosis.deployed },
      text: (canvas) => renderDoctor(diagnosis, canvas, { verbose: flags.verbose }),
    };
  }
}
