import { readFile } from 'node:fs/promises';
import type { CommandPermissions } from '../core/permissions.js';
import { parseTemplate, type Template } from '../stack/template.js';
import { boundaryDocument } from './boundary.js';
import { COMMAND_PERMISSIONS } from './commands.js';
import { type PolicyDocument, policyDocument } from './document.js';
import { needsOf, together } from './needs.js';
import type { PolicyScope } from './scope.js';
import { stackActions } from './stack-actions.js';

export interface PolicyOptions {
  /** Of these commands together; all when it is empty. */
  commands: readonly string[];
  /** CloudFormation works through a service role: its ARN. */
  deployRole: string | null;
  /** The boundary of the deployed roles instead of a policy of whoever runs cachao. */
  boundary: boolean;
}

export type PolicyPart = 'cachao' | 'cloudformation' | 'deploy-role' | 'boundary';

export interface Policy {
  part: PolicyPart;
  /** What it is, as a policy is named: `cachao-dev-setup`. */
  name: string;
  /** Who gets it. */
  attachTo: string;
  document: PolicyDocument;
}

export interface PolicyResult {
  commands: string[];
  policies: Policy[];
  /** Permissions of a restricted Stripe key. */
  stripe: string[];
}

/** What commands need to be allowed, generated from what they declare and from the template. Asks no cloud. */
export async function policyFor(
  templateFile: string,
  scope: PolicyScope,
  options: PolicyOptions,
): Promise<PolicyResult> {
  const template = parseTemplate(await readFile(templateFile, 'utf8'));
  if (options.boundary) return { commands: [], policies: [boundary(template, scope)], stripe: [] };
  const chosen = COMMAND_PERMISSIONS.filter(
    ({ command }) => options.commands.length === 0 || options.commands.includes(command),
  );
  return {
    commands: chosen.map(({ command }) => command),
    ...operator(chosen, template, scope, options.deployRole),
  };
}

function operator(
  chosen: readonly CommandPermissions[],
  template: Template,
  scope: PolicyScope,
  deployRole: string | null,
): Pick<PolicyResult, 'policies' | 'stripe'> {
  const { iam, everywhere, throughStack, stripe } = together(
    chosen.map((command) => needsOf(command, template, deployRole !== null)),
  );
  const [only] = chosen;
  const whom = chosen.length === 1 && only ? only.command.replaceAll(' --', '-') : 'operator';
  const name = `cachao-${scope.stage}-${whom}`;
  const lambda = { scope, passedTo: 'lambda.amazonaws.com' } as const;
  const own: Policy = {
    part: 'cachao',
    name,
    attachTo: 'the user who runs cachao',
    document: policyDocument(
      iam,
      deployRole === null
        ? { ...lambda, everywhere }
        : { scope, everywhere, passedTo: 'cloudformation.amazonaws.com', role: deployRole },
    ),
  };
  const inItsName: Policy = {
    part: 'cloudformation',
    name: `${name}-cloudformation`,
    attachTo: 'the user who runs cachao: CloudFormation uses their permissions',
    document: policyDocument(throughStack, lambda),
  };
  const role: Policy = {
    part: 'deploy-role',
    name: `cachao-${scope.stage}-deploy`,
    attachTo: `the role ${deployRole}, which trusts cloudformation.amazonaws.com`,
    document: policyDocument(stackActions(template, 'deploy'), lambda),
  };
  return {
    policies: [own, ...(throughStack.length > 0 ? [inItsName] : []), ...(deployRole === null ? [] : [role])],
    stripe,
  };
}

function boundary(template: Template, scope: PolicyScope): Policy {
  return {
    part: 'boundary',
    name: `cachao-${scope.stage}-boundary`,
    attachTo: 'no user: its ARN is the permissions boundary of the deployed roles',
    document: boundaryDocument(template, scope),
  };
}
