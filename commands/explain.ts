import { Args } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { renderExplained } from '../src/cli/explain/render.js';
import { explained } from '../src/cli/explain/subject.js';
import type { CommandResult } from '../src/cli/shared/result.js';

export default class Explain extends CachaoCommand<typeof Explain> {
  static override summary = 'Explain an error code, a check or an audit rule.';
  static override description =
    'Says what happened or must hold, why it matters, and what to do. It uses no network and needs no configuration. The same stands in docs/reference.';
  static override args = {
    name: Args.string({
      description: 'Error code (AWS_TIMEOUT), or id of a check or an audit rule (queue.retention).',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override examples = [
    {
      description: 'What does this error mean?',
      command: '<%= config.bin %> <%= command.id %> AWS_PERMISSION_MISSING',
    },
    {
      description: 'What does this check look at?',
      command: '<%= config.bin %> <%= command.id %> eventbridge.pattern',
    },
  ];
  static override exitCodes = {
    '0': 'explained',
    '2': 'wrong usage, or there is no such name',
    '3': '',
    '4': '',
  };

  protected override readonly usesClouds = false;

  protected async perform(): Promise<CommandResult> {
    const found = explained(this.args.name ?? '');
    return { outcome: 'ok', more: { ...found }, text: (canvas) => renderExplained(found, canvas) };
  }
}
