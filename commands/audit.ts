import { text } from 'node:stream/consumers';
import { Args, Flags } from '@oclif/core';
import { chooseRules, ruleNamed } from '../src/audit/choose.js';
import type { AuditRule } from '../src/audit/rule.js';
import { RULES } from '../src/audit/rules/registry.js';
import { type AuditReport, runAudit } from '../src/audit/run.js';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { renderDiff } from '../src/cli/audit/render-diff.js';
import { renderGithub } from '../src/cli/audit/render-github.js';
import { renderJunit } from '../src/cli/audit/render-junit.js';
import {
  describeRule,
  type RuleDescription,
  renderRule,
  renderRules,
} from '../src/cli/audit/render-rules.js';
import { renderSarif } from '../src/cli/audit/render-sarif.js';
import { renderAudit } from '../src/cli/audit/render-text.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { usage } from '../src/cli/shared/usage-error.js';
import type { Canvas } from '../src/terminal/canvas.js';

const FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;

const names = (summary: string, env: string) =>
  Flags.string({ summary, env, helpValue: 'ID,AREA', multiple: true, delimiter: ',' });

export default class Audit extends CachaoCommand<typeof Audit> {
  static override summary =
    'Check a SAM or CloudFormation template against what the path needs, and mend it.';
  static override description =
    `Reads a template as it stands, without any account or network, and says what loses payments silently: a rule on the wrong bus, a pattern that matches nothing, an alarm that never rings. The Stripe path is found by how it is wired and by what speaks for it, and the report says what; --handler and --webhook help where it is not seen.

With --write it makes the changes that are safe, in your file: what it adds looks like the rest, and everything else stays as it is. A finding is muted in the template (# cachao-audit-ignore RULE: the reason) or in a baseline.`;
  static override args = {
    file: Args.string({
      description:
        'Templates, directories of them (cdk.out, .serverless), or - for standard input. Without any: template.yaml and its like here, and those in infra/, backend/, cdk.out/ and others.',
      multiple: true,
    }),
  };
  static override examples = [
    { description: 'What is wrong with the template here?', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'See what would be mended, then do it',
      command:
        '<%= config.bin %> <%= command.id %> template.yaml --diff && <%= config.bin %> <%= command.id %> template.yaml --write',
    },
    {
      description: 'In a pull request, warnings count too',
      command: '<%= config.bin %> <%= command.id %> --strict --format github',
    },
    {
      description: 'What CDK makes, without a file',
      command: 'npx cdk synth | <%= config.bin %> <%= command.id %> -',
    },
    {
      description: 'Adopt it gradually: from now on only what is new counts',
      command: '<%= config.bin %> <%= command.id %> --update-baseline',
    },
    { description: 'Only what concerns alarms', command: '<%= config.bin %> <%= command.id %> --only alarm' },
  ];
  static override exitCodes = {
    '0': 'nothing found, or only warnings and what is muted',
    '1': 'a finding of severity fail; with --strict, any',
    '2': 'wrong usage, or a template that cannot be read or written',
    '3': '',
    '4': '',
  };
  static override flags = {
    local: Flags.boolean({
      summary: 'Taken, and changes nothing: an audit reads files, and needs no cloud.',
      hidden: true,
      env: 'CACHAO_LOCAL',
    }),
    write: Flags.boolean({ summary: 'Make the changes that are safe, in the file.', env: 'CACHAO_WRITE' }),
    diff: Flags.boolean({
      summary: 'Print those changes as a diff, for git apply, and nothing else.',
      env: 'CACHAO_DIFF',
    }),
    format: Flags.option({ options: FORMATS })({
      summary: 'Report format (for json, use --json).',
      env: 'CACHAO_FORMAT',
      default: 'text',
    }),
    only: names('Only these rules.', 'CACHAO_ONLY'),
    skip: names('Without these rules.', 'CACHAO_SKIP'),
    handler: Flags.string({
      summary: "Function that handles Stripe's events, whatever it is called.",
      helpValue: 'LOGICAL_ID',
      env: 'CACHAO_HANDLER',
      multiple: true,
      delimiter: ',',
    }),
    webhook: Flags.string({
      summary: 'Route that Stripe calls, whatever it is called.',
      helpValue: 'PATH',
      env: 'CACHAO_WEBHOOK',
      multiple: true,
      delimiter: ',',
    }),
    strict: Flags.boolean({ summary: 'Warnings count as problems: exit 1.', env: 'CACHAO_STRICT' }),
    baseline: Flags.string({
      summary: 'File of findings that are muted; cachao-audit-baseline.json unless given.',
      helpValue: 'FILE',
      env: 'CACHAO_BASELINE',
    }),
    'update-baseline': Flags.boolean({
      summary: 'Accept everything that is found now, in that file.',
      env: 'CACHAO_UPDATE_BASELINE',
    }),
    'list-rules': Flags.boolean({ summary: 'List every rule, and read nothing.', env: 'CACHAO_LIST_RULES' }),
    explain: Flags.string({
      summary: 'Say what a rule is about, and read nothing.',
      helpValue: 'ID',
      env: 'CACHAO_EXPLAIN',
    }),
  };

  protected override readonly usesClouds = false;

  protected async perform(): Promise<CommandResult> {
    const { flags } = this;
    if (flags.explain !== undefined) return described([ruleNamed(RULES, flags.explain)], renderRule);
    const rules = chooseRules(RULES, { only: flags.only ?? [], skip: flags.skip ?? [] });
    if (flags['list-rules']) return described(rules, undefined);
    this.#refuseConflicts();
    const report = await runAudit({
      cwd: process.cwd(),
      files: this.args.file ?? [],
      rules,
      write: flags.write ?? false,
      diff: (flags.diff ?? false) || this.json,
      strict: flags.strict ?? false,
      baseline: flags.baseline,
      updateBaseline: flags['update-baseline'] ?? false,
      hints: { handlers: flags.handler ?? [], webhooks: flags.webhook ?? [] },
      stdin: () => text(process.stdin),
    });
    return {
      outcome: outcomeOf(report, flags.write),
      exitCode: report.exitCode,
      findings: report.findings,
      changes: report.changes,
      error: report.error,
      more: {
        templates: report.templates.map(({ findings: _findings, ...template }) => template),
        baseline: report.baseline,
      },
      text: (canvas) => this.#written(report, rules, canvas),
    };
  }

  #written(report: AuditReport, rules: readonly AuditRule[], canvas: Canvas): string {
    const { flags } = this;
    if (flags.format === 'sarif') return renderSarif(report, rules, this.config.version);
    if (flags.format === 'junit') return renderJunit(report, rules);
    if (flags.format === 'github') return renderGithub(report);
    if (flags.diff) return renderDiff(report, canvas);
    return renderAudit(report, canvas, { verbose: flags.verbose, write: flags.write });
  }

  #refuseConflicts(): void {
    const { flags } = this;
    const refuse = (one: string, other: string) => {
      throw usage('FLAG_CONFLICT', `${one} and ${other} do not go together: leave one out.`, this.id ?? '');
    };
    if (flags['update-baseline'] && flags.write) refuse('--update-baseline', '--write');
    if (flags.write && this.args.file?.includes('-')) refuse('-', '--write');
    if (flags.diff && flags.format !== 'text' && flags.format !== 'json')
      refuse('--diff', `--format ${flags.format}`);
    if (this.typed('json') && flags.format !== 'text' && flags.format !== 'json')
      refuse('--json', `--format ${flags.format}`);
  }
}

function outcomeOf({ exitCode, error, changes }: AuditReport, write: boolean): CommandResult['outcome'] {
  if (error) return 'error';
  if (exitCode !== 0) return 'problem';
  if (!write) return 'ok';
  return changes.length > 0 ? 'changed' : 'unchanged';
}

function described(
  chosen: readonly AuditRule[],
  render: ((rule: RuleDescription, canvas: Canvas) => string) | undefined,
): CommandResult {
  const rules = chosen.map(describeRule);
  const [only] = rules;
  return {
    outcome: 'ok',
    more: { rules },
    text: (canvas) => (render && only ? render(only, canvas) : renderRules(rules, canvas)),
  };
}
