import { Args } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { stageFlags } from '../src/cli/shared/flags.js';
import { openStage } from '../src/cli/shared/open-stage.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { renderTraced } from '../src/cli/trace/render-report.js';
import { trace } from '../src/trace/trace.js';

export default class Trace extends CachaoCommand<typeof Trace> {
  static override summary = 'Follow one payment: every hop it reached, and where it stopped.';
  static override description =
    `Give the event, the session, the payment intent or the order. Stripe, metrics, logs, both dead-letter queues, ledger and orders are asked, and each hop is shown with its time; then the first that was not reached, the likely reason, and the command that helps.

Only looks. At most ten messages of each queue are looked at, and given back at once.`;
  static override examples = [
    { description: 'An event', command: '<%= config.bin %> <%= command.id %> evt_1Q2w3E4r5T6y' },
    { description: 'An order', command: '<%= config.bin %> <%= command.id %> 4711' },
    {
      description: 'A session, on the local clouds',
      command: '<%= config.bin %> <%= command.id %> cs_test_a1B2c3 --local',
    },
  ];
  static override exitCodes = {
    0: 'nothing is amiss with this payment',
    1: 'it stopped somewhere, or is not known',
  };
  static override args = {
    id: Args.string({ description: 'evt_…, cs_…, pi_…, or the id of an order.', required: true }),
  };
  static override flags = { ...stageFlags };

  protected async perform(): Promise<CommandResult> {
    const { settings } = await this.configuration();
    const { world } = await openStage(this.context, settings);
    const seen = await this.progress.step('Following the payment', () => trace(world, this.args.id));
    const found = { ...seen, next: seen.next.map((command) => this.scope.command(command)) };
    return {
      outcome: found.stoppedAt !== null ? 'problem' : found.decided ? 'ok' : 'unknown',
      more: { stage: settings.stage, trace: found },
      text: (canvas) => renderTraced(found, canvas),
    };
  }
}
