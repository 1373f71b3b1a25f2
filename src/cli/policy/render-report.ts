import { lengthOf, type Statement } from '../../policy/document.js';
import type { Policy, PolicyResult } from '../../policy/policy.js';
import type { Canvas } from '../../terminal/canvas.js';

/** The policies as a person reads them: who gets them, and which actions on what. */
export function renderPolicy(result: PolicyResult, canvas: Canvas, notes: readonly string[]): string {
  return [
    ...(result.commands.length > 0 ? [canvas.wrap(`For: ${result.commands.join(', ')}.`)] : []),
    ...result.policies.map((policy) => renderOne(policy, canvas)),
    ...(result.stripe.length > 0 ? [renderStripe(result.stripe, canvas)] : []),
    ...notes.map((note) => canvas.wrap(note)),
  ].join('\n\n');
}

function renderOne({ name, part, attachTo, document }: Policy, canvas: Canvas): string {
  return [
    canvas.wrap(
      `${canvas.ink('bold', `IAM policy ${name}`)} (${lengthOf(document)} characters): for ${attachTo}.`,
    ),
    ...document.Statement.map((statement) => renderStatement(statement, canvas)),
    `  ${canvas.ink('dim', `as JSON: --part ${part}`)}`,
  ].join('\n');
}

function renderStatement({ Action, Resource, Condition }: Statement, canvas: Canvas): string {
  const condition = Condition ? [`only ${JSON.stringify(Condition)}`] : [];
  return [
    ...Resource.map((resource) => canvas.wrap(canvas.ink('cyan', resource), '  on ', '     ')),
    ...[...Action, ...condition].map((line) => `       ${line}`),
  ].join('\n');
}

function renderStripe(permissions: readonly string[], canvas: Canvas): string {
  return [
    canvas.wrap(
      `${canvas.ink('bold', 'Permissions of a restricted Stripe key')} (Developers, API keys, Create restricted key; writing implies reading):`,
    ),
    ...permissions.map((name) => `       ${name}`),
  ].join('\n');
}
