import { Flags } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { openSetupStage } from '../src/cli/setup/open-stage.js';
import { renderSetup } from '../src/cli/setup/render-report.js';
import { confirmLive } from '../src/cli/shared/confirm-live.js';
import { confirmPlan, consentBy } from '../src/cli/shared/consent.js';
import {
  checkoutFlags,
  checkoutTimeout,
  deletionFlags,
  liveFlags,
  planFlags,
  seconds,
  settingFlags,
  stageFlags,
} from '../src/cli/shared/flags.js';
import { showPaymentPage } from '../src/cli/shared/payment-page.js';
import { showRepair } from '../src/cli/shared/repair-ui.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import type { Change } from '../src/core/check.js';
import { CachaoError, type MissingAnswer } from '../src/core/errors.js';
import { qualifyFindings } from '../src/core/suggested-commands.js';
import { notRepairedIds } from '../src/repair/held.js';
import { costOfPlan } from '../src/setup/monthly-cost.js';
import { type SetupResult, setup } from '../src/setup/setup.js';

export default class Setup extends CachaoCommand<typeof Setup> {
  static override summary = 'Set up the whole payment path and prove it with a test order.';
  static override description =
    `From an empty AWS account and a Stripe key to a proven payment path: event destination, partner event source, event bus, database secret, stack, migrations, webhook endpoint, test checkout.

Safe to run again at any point: what is there is found by what it is, and a run that was cut short goes on from there. On a finished set-up nothing is changed.`;
  static override examples = [
    {
      description: 'Everything on the embedded AWS and Stripe, without an account',
      command: '<%= config.bin %> <%= command.id %> --local --yes',
    },
    {
      description: 'Show what would be created; asks nothing, writes nothing',
      command: '<%= config.bin %> <%= command.id %> --dry-run',
    },
    {
      description: 'On your own accounts, with questions and a plan to confirm',
      command: '<%= config.bin %> <%= command.id %> --database mysql://shop@db.example.com:3306/shop',
    },
    { description: 'In a script', command: '<%= config.bin %> <%= command.id %> --yes --stage dev --json' },
  ];
  static override environment = {
    STRIPE_API_KEY: "The Stripe key; else the Stripe CLI's profile.",
    CACHAO_DATABASE_PASSWORD: "The orders database's password.",
    STRIPE_API_BASE: 'Another Stripe, as AWS_ENDPOINT_URL names another AWS.',
  };
  static override flags = {
    ...stageFlags,
    ...planFlags,
    ...deletionFlags,
    ...liveFlags,
    ...checkoutFlags,
    ...settingFlags,
    'skip-checkout': Flags.boolean({
      summary: 'Do not prove the path with a test checkout at the end.',
      env: 'CACHAO_SKIP_CHECKOUT',
    }),
    'adopt-destination': Flags.string({
      summary: 'Take over this event destination instead of creating one.',
      helpValue: 'ED_ID',
      env: 'CACHAO_ADOPT_DESTINATION',
    }),
    'create-shop-tables': Flags.boolean({
      summary: "Create the shop's tables where all of them are absent.",
      env: 'CACHAO_CREATE_SHOP_TABLES',
    }),
    'source-timeout': seconds({
      summary: 'How long to wait for the partner event source to appear.',
      helpValue: 'SECONDS',
      env: 'CACHAO_SOURCE_TIMEOUT',
    }),
    'checkout-timeout': seconds({
      summary: 'Time limit for each delivery path (default 120, with --browser 900).',
      helpValue: 'SECONDS',
      env: 'CACHAO_CHECKOUT_TIMEOUT',
    }),
  };

  protected async perform(): Promise<CommandResult> {
    const { flags, progress: display, prompts, signal } = this;
    const canvas = this.terminal.err;
    const { world, bench, unanswered } = await openSetupStage(this.context, flags);
    if (!world.settings.stack.managed && flags.email !== undefined)
      this.say(
        "Note: --email changes nothing here. The alarms of this stack, and whom they tell, are its own template's.",
      );
    const allowDeletions = flags['allow-deletions'];
    const confirm = async (changes: readonly Change[]) => {
      const agreed = await confirmPlan({ prompts, yes: flags.yes, allowDeletions, changes });
      if (agreed) await confirmLive(world, prompts, flags['confirm-live']);
      return agreed;
    };
    const { host, pause } = showRepair({
      display,
      canvas,
      settings: world.settings,
      live: this.terminal.live,
      confirm,
    });
    const consent = consentBy({ prompts, display, pause, canvas, yes: flags.yes, allowDeletions });
    const byHand = flags.browser || flags.open;
    const options = {
      dryRun: flags['dry-run'],
      checkout: !flags['skip-checkout'],
      checkoutTimeoutMs: flags['checkout-timeout'] ?? checkoutTimeout(byHand),
      ...(byHand ? { onPaymentPage: showPaymentPage({ display, pause, open: flags.open }) } : {}),
    };
    const ended = await setup(world, () => bench(consent, signal), options, host, signal);
    const result = flags['dry-run'] ? this.#withAnswers(ended, unanswered) : ended;
    const { stage } = world.settings;
    const shown = this.#qualifyFindings(result);
    return {
      ...shown,
      more: {
        stage,
        checkout: result.checkout,
        forPerson: result.forPerson.map((finding) => finding.id),
        ...(result.changes.length > 0 && result.outcome !== 'planned'
          ? { notRepaired: notRepairedIds(result.changes, result.findings) }
          : {}),
      },
      text: (out) =>
        renderSetup(shown, out, {
          stage,
          local: flags.local,
          again: this.again,
          cost: costOfPlan(result.changes, world.settings),
        }),
    };
  }

  /** What the run itself would ask: where nobody can be asked, it would end there. */
  #withAnswers(result: SetupResult, unanswered: readonly MissingAnswer[]): SetupResult {
    if (unanswered.length === 0) return result;
    this.say('Without any account, and without answers: cachao setup --local --dry-run');
    try {
      this.prompts.require(unanswered);
    } catch (error) {
      if (!(error instanceof CachaoError)) throw error;
      return { ...result, error, exitCode: error.exitCode };
    }
    this.say(`Setup will ask for: ${unanswered.map(({ what }) => what).join(', ')}.`);
    return result;
  }

  /** What setup repairs needs no command here: this is setup. */
  #qualifyFindings(result: SetupResult): SetupResult {
    const findings = qualifyFindings(
      result.findings,
      this.scope,
      this.flags['dry-run'] ? 'cachao setup' : null,
    );
    const ids = new Set(result.forPerson.map(({ id }) => id));
    return { ...result, findings, forPerson: findings.filter(({ id }) => ids.has(id)) };
  }
}
