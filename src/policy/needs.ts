import type { CommandPermissions } from '../core/permissions.js';
import type { Template } from '../stack/template.js';
import { PASS_ROLE, stackActions } from './stack-actions.js';

export interface Needs {
  /** IAM actions of cachao's own calls, sorted. */
  iam: string[];
  /** Of these, those that are asked of everything. */
  everywhere: string[];
  /** Those that CloudFormation asks in the caller's name, beside these. */
  throughStack: string[];
  /** Stripe permissions as Stripe names them (`rak_webhook_write`), sorted. */
  stripe: string[];
}

/** What one command needs: what its checks and its service declare, and what CloudFormation does in its name. */
export function needsOf(command: CommandPermissions, template: Template, deployRole: boolean): Needs {
  const { inspects, fixes } = command;
  const own = [
    ...command.iam,
    ...inspects.flatMap((check) => [...check.iam, ...(fixes ? (check.fixIam ?? []) : [])]),
  ];
  const stripe = [
    ...command.stripe,
    ...inspects.flatMap((check) => [...(check.stripe ?? []), ...(fixes ? (check.fixStripe ?? []) : [])]),
  ];
  const passed = deployRole && changesStack(own) ? [PASS_ROLE] : [];
  return together([
    {
      iam: [...own, ...passed],
      everywhere: [...(command.everywhere ?? [])],
      throughStack: deployRole ? [] : throughStack(own, template),
      stripe,
    },
  ]);
}

/** What several commands need. Writing on Stripe implies reading. */
export function together(needs: readonly Needs[]): Needs {
  const iam = sorted(needs.flatMap((one) => one.iam));
  const stripe = new Set(needs.flatMap((one) => one.stripe.map((name) => name.replace(/^rak_/, ''))));
  return {
    iam,
    everywhere: sorted(needs.flatMap((one) => one.everywhere)),
    throughStack: sorted(needs.flatMap((one) => one.throughStack)).filter((action) => !iam.includes(action)),
    stripe: sorted(
      [...stripe].filter((name) => !stripe.has(name.replace(/_read$/, '_write')) || /_write$/.test(name)),
    ).map((name) => `rak_${name}`),
  };
}

/** Deploying includes looking: the strongest of what a command does. */
function throughStack(own: readonly string[], template: Template): string[] {
  if (own.includes('cloudformation:ExecuteChangeSet')) return stackActions(template, 'deploy');
  if (own.includes('cloudformation:DetectStackDrift')) return stackActions(template, 'look');
  if (own.includes('cloudformation:DeleteStack')) return stackActions(template, 'delete');
  return [];
}

function changesStack(own: readonly string[]): boolean {
  return own.includes('cloudformation:CreateChangeSet') || own.includes('cloudformation:DeleteStack');
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
