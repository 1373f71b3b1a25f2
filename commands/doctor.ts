import { CachaoCommand } from '../src/cli/app/base-command.js';
import { doctorFlags } from '../src/cli/doctor/flags.js';
import { explainCheck, listChecks } from '../src/cli/doctor/listing.js';
import { failedResult } from '../src/cli/doctor/result.js';
import { DoctorRun } from '../src/cli/doctor/run.js';
import { stageNames } from '../src/cli/doctor/stage-names.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { usage } from '../src/cli/shared/usage-error.js';
import { CachaoError } from '../src/core/errors.js';

export default class Doctor extends CachaoCommand<typeof Doctor> {
  static override summary = 'Check everything a payment depends on, and fix it.';
  static override description =
    `Looks at what is really deployed, on Stripe and AWS, and says what is wrong, why, and what to do. Looking repairs nothing, moves no message and records no event. It sends a signed probe to the webhook and invokes the functions, and lends itself at most ten messages of each dead-letter queue: log lines and receive counts are all that stay. On a stack that is not cachao's, a webhook that never ran is probed with --deep only, because its first run makes its log group.

With --fix it shows what it would change, asks, changes it, and looks again. Findings that are known and accepted are muted in cachao.config.json, with a reason and an end date; they stay visible.`;
  static override examples = [
    { description: 'How does the stage stand?', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Fix what can be fixed automatically, after showing the plan',
      command: '<%= config.bin %> <%= command.id %> --fix',
    },
    {
      description: 'Include a test checkout, followed to the database on every path',
      command: '<%= config.bin %> <%= command.id %> --end-to-end',
    },
    {
      description: 'On call: check every 30 seconds and show what changes',
      command: '<%= config.bin %> <%= command.id %> --watch --interval 30s --stage prod',
    },
    {
      description: 'In CI: every stage, as a job summary',
      command: '<%= config.bin %> <%= command.id %> --all-stages --format markdown >> "$GITHUB_STEP_SUMMARY"',
    },
    {
      description: 'Explain one check',
      command: '<%= config.bin %> <%= command.id %> --explain eventbridge.pattern',
    },
  ];
  static override exitCodes = {
    '0': 'healthy; warnings too, unless --strict',
    '3': 'something could not be checked whose failure would be a problem',
    '4': 'an answer is needed (a region, or agreement to a fix) and there is no terminal to ask on',
  };
  static override flags = doctorFlags;

  protected async perform(): Promise<CommandResult> {
    try {
      return await this.#examine();
    } catch (error) {
      if (!(error instanceof CachaoError)) throw error;
      return failedResult(error, this.flags, this.config.version);
    }
  }

  async #examine(): Promise<CommandResult> {
    const { flags } = this;
    if (flags['list-checks']) return listChecks(flags);
    if (flags.explain !== undefined) return explainCheck(flags.explain);
    const run = new DoctorRun(this.context, flags);
    this.#refuseConflicts(run.proves);
    if (flags['all-stages']) return run.lookAtAll(await stageNames(process.cwd(), flags.config, flags.local));
    if (flags.watch) return run.watch();
    return flags.fix ? run.fix() : run.look();
  }

  /** oclif's own rules would count variables of the environment as typed. */
  #refuseConflicts(proves: boolean): void {
    const { flags } = this;
    const refuse = (one: string, other: string) => {
      throw usage('FLAG_CONFLICT', `${one} and ${other} do not go together: leave one out.`, this.id ?? '');
    };
    if (flags['all-stages'] && this.typed('stage')) refuse('--all-stages', '--stage');
    if (flags['all-stages'] && flags.fix) refuse('--all-stages', '--fix');
    if (flags['all-stages'] && flags.watch) refuse('--all-stages', '--watch');
    if (flags.watch && flags.fix) refuse('--watch', '--fix');
    if (flags.watch && proves) refuse('--watch', 'a test checkout');
    if (flags.watch && this.json) refuse('--watch', '--json');
    if (flags.watch && flags.format !== 'text') refuse('--watch', `--format ${flags.format}`);
  }
}
