import { proveCheckout } from '../src/checkout/prove.js';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { confirmLive } from '../src/cli/shared/confirm-live.js';
import {
  checkoutFlags,
  checkoutTimeout,
  liveFlags,
  planFlags,
  seconds,
  stageFlags,
} from '../src/cli/shared/flags.js';
import { openStage } from '../src/cli/shared/open-stage.js';
import { PausableSteps } from '../src/cli/shared/pausable-steps.js';
import { showPaymentPage } from '../src/cli/shared/payment-page.js';
import { nextOf, renderCheckout, renderNext } from '../src/cli/shared/render-checkout.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import type { Finding } from '../src/core/finding.js';
import type { Scope } from '../src/core/scope.js';
import { qualifyFindings } from '../src/core/suggested-commands.js';
import { renderFinding } from '../src/terminal/findings.js';

export default class Checkout extends CachaoCommand<typeof Checkout> {
  static override summary = 'Pay a test order and follow its event to the database.';
  static override description =
    `Creates a marked test order and a Checkout Session, pays it with the test card, and follows the event hop by hop. It passes only when every configured path delivered it and the order was changed once. The test order is removed again.

In live mode nothing is paid: a marked session is created and expired, and its event followed.`;
  static override examples = [
    { description: 'Prove the path', command: '<%= config.bin %> <%= command.id %>' },
    { description: 'On the local clouds', command: '<%= config.bin %> <%= command.id %> --local' },
    {
      description: 'Pay by hand on the payment page',
      command: '<%= config.bin %> <%= command.id %> --browser',
    },
  ];
  static override flags = {
    ...stageFlags,
    yes: planFlags.yes,
    ...liveFlags,
    ...checkoutFlags,
    timeout: seconds({
      summary: 'Time limit for each delivery path (default 120, with --browser 900).',
      helpValue: 'SECONDS',
      env: 'CACHAO_CHECKOUT_TIMEOUT',
    }),
  };

  protected async perform(): Promise<CommandResult> {
    const { flags, progress: display } = this;
    const { settings } = await this.configuration();
    const { world, bench } = await openStage(this.context, settings);
    await confirmLive(world, this.prompts, flags['confirm-live']);
    // A checkout changes no set-up, so there is nothing to agree to.
    const never = { changeSet: async () => false, recoverStack: async () => false };
    const byHand = flags.browser || flags.open;
    if (byHand && settings.mode === 'live')
      this.say(
        'Warning: nothing is paid in live mode, so there is no payment page: a session is left to expire.',
      );
    const steps = new PausableSteps(display);
    const pause = (title: string) => steps.pause(title);
    const { result, findings } = await proveCheckout(
      bench(never, this.signal),
      {
        timeoutMs: flags.timeout ?? checkoutTimeout(byHand),
        ...(byHand ? { onPaymentPage: showPaymentPage({ display, pause, open: flags.open }) } : {}),
      },
      steps.begin('Test checkout'),
    ).catch((error: Error) => {
      steps.failed(this.signal.aborted ? 'interrupted' : error.message);
      throw error;
    });
    if (result?.passed) steps.done();
    else steps.failed(result?.summary ?? 'something that it rests on is not as it should be');
    return {
      outcome: result?.passed ? 'ok' : 'problem',
      findings,
      more: {
        stage: settings.stage,
        checkout: result,
        next: (result ? nextOf(result) : ['cachao doctor']).map((command) => this.scope.command(command)),
      },
      text: (canvas) =>
        result
          ? [renderCheckout(result, canvas), renderNext(result, canvas)].filter(Boolean).join('\n\n')
          : wrongOf(findings, this.scope)
              .map((finding) => renderFinding(finding, canvas))
              .join('\n\n'),
    };
  }
}

const wrongOf = (findings: readonly Finding[], scope: Scope): Finding[] =>
  qualifyFindings(
    findings.filter(({ outcome }) => outcome === 'fail'),
    scope,
  );
