import { Flags } from '@oclif/core';
import { CachaoCommand } from '../src/cli/app/base-command.js';
import { renderPolicy } from '../src/cli/policy/render-report.js';
import { policyScope } from '../src/cli/policy/scope.js';
import { deployRoleFlags, stageFlags } from '../src/cli/shared/flags.js';
import type { CommandResult } from '../src/cli/shared/result.js';
import { usage } from '../src/cli/shared/usage-error.js';
import { COMMAND_PERMISSIONS } from '../src/policy/commands.js';
import { policyFor } from '../src/policy/policy.js';

const COMMANDS = COMMAND_PERMISSIONS.map(({ command }) => command);
const quotedIfSpaced = (command: string): string => (command.includes(' ') ? `"${command}"` : command);
const PARTS = ['cachao', 'cloudformation', 'deploy-role', 'boundary'];

export default class Policy extends CachaoCommand<typeof Policy> {
  static override summary = 'Print the least-privilege IAM policy and Stripe permissions for commands.';
  static override description =
    `The policy is generated from what every check and every command declares, and from what CloudFormation does in the caller's name for the resources of the stack, so it says exactly what is asked for. Names that exist only later are patterns of the stack's name.

It needs no credentials. With them, it names your account; else it says ACCOUNT_ID where one belongs.

A managed policy may have 6,144 characters, so what cachao asks by itself and what CloudFormation asks in its name are two policies, and --part prints one of them as plain JSON.`;
  static override examples = [
    { description: 'What does setup need?', command: '<%= config.bin %> <%= command.id %> --for setup' },
    {
      description: 'What doctor needs to check, and what to fix',
      command:
        '<%= config.bin %> <%= command.id %> --for doctor; <%= config.bin %> <%= command.id %> --for "doctor --fix"',
    },
    {
      description: 'As a policy in your account',
      command:
        'aws iam create-policy --policy-name cachao-checkout --policy-document "$(<%= config.bin %> <%= command.id %> --for checkout --part cachao)"',
    },
    {
      description: 'CloudFormation with its own role',
      command:
        '<%= config.bin %> <%= command.id %> --for deploy --deploy-role arn:aws:iam::123456789012:role/deploy',
    },
    {
      description: 'The permissions boundary of the deployed roles',
      command: '<%= config.bin %> <%= command.id %> --boundary',
    },
  ];
  static override exitCodes = { '3': '', '4': '' };
  static override flags = {
    ...stageFlags,
    ...deployRoleFlags,
    for: Flags.string({
      summary: `Commands to combine (default: all): ${COMMANDS.map(quotedIfSpaced).join(', ')}.`,
      helpValue: 'COMMAND',
      options: COMMANDS,
      multiple: true,
      delimiter: ',',
      env: 'CACHAO_FOR',
    }),
    boundary: Flags.boolean({
      summary: 'Print the permissions boundary of the deployed roles instead.',
      env: 'CACHAO_BOUNDARY',
    }),
    part: Flags.string({
      summary: 'Print one policy as plain JSON, for aws iam create-policy.',
      helpValue: 'PART',
      options: PARTS,
      env: 'CACHAO_PART',
    }),
  };

  protected async perform(): Promise<CommandResult> {
    const { flags } = this;
    const { scope, deployRole, notes } = await policyScope(this.context);
    const result = await policyFor(`${this.root}/infra/template.yaml`, scope, {
      commands: flags.for ?? [],
      deployRole,
      boundary: flags.boundary || flags.part === 'boundary',
    });
    const part = flags.part && result.policies.find((policy) => policy.part === flags.part);
    if (flags.part && !part)
      throw usage(
        'PART_ABSENT',
        `There is no part ${flags.part} here: there is ${result.policies.map((policy) => policy.part).join(', ')}.`,
        'policy',
      );
    return {
      outcome: 'ok',
      more: { stage: scope.stage, ...result },
      text: (canvas) => (part ? JSON.stringify(part.document, null, 2) : renderPolicy(result, canvas, notes)),
    };
  }
}
