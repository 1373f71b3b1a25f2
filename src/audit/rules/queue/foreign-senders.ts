import { findForeignSenders } from '../../../../handlers/contract/queue-trust/senders.js';
import { isList, isMap, type TemplateNode } from '../../document/node.js';
import type { Statement } from '../../model/policies.js';
import { rulesOf } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { textOf } from '../../model/text.js';

const ACCOUNT = '123456789012';
/** Stands for what only the deployment knows; to the evaluator it may be anything. */
const UNKNOWN = `$${'{unknown}'}`;
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::URLSuffix': 'amazonaws.com',
};
const ARNS: Readonly<Record<string, (id: string) => string>> = {
  'AWS::Events::Rule': ruleArn,
  'AWS::IAM::Role': (id) => `arn:aws:iam::${ACCOUNT}:role/$${id}`,
  'AWS::SQS::Queue': queueArn,
  'AWS::SNS::Topic': (id) => `arn:aws:sns:eu-west-1:${ACCOUNT}:$${id}`,
};

/**
 * Whom outside the account, besides the path's rules, a statement lets send to a queue, as the drain and doctor would
 * judge it once it is deployed. Within the account other policies decide, which no template shows. What only the
 * deployment knows is nobody's fault: such a statement lets in nobody, as far as can be seen.
 */
export function foreignSenders(
  template: Template,
  queue: Resource,
  allowing: Statement,
  denying: readonly Statement[],
): string[] {
  const denials = denying.map(({ node }) => plain(template, node));
  if (JSON.stringify(denials).includes(UNKNOWN)) return [];
  const permission = plain(template, allowing.node) as { Principal?: unknown };
  const Principal = strangersIn(permission.Principal);
  if (Principal === null) return [];
  const policy = JSON.stringify({ Statement: [{ ...permission, Principal }, ...denials] });
  const rules = stripePath(template).rules.map(({ id }) => ruleArn(id));
  return findForeignSenders({ arn: queueArn(queue.id), policy }, { rules, roles: [] })
    .filter((one) => !one.includes(UNKNOWN))
    .map((one) => one.replace(/arn:aws:\w+:[\w-]*:\d+:[\w/]*\$(\w+)/g, '$1'));
}

/** Without those of the account, and those that are not known; null: nobody is left. */
function strangersIn(principal: unknown): unknown {
  if (principal === UNKNOWN) return null;
  if (typeof principal !== 'object' || principal === null) return principal;
  const kept = Object.entries(principal).flatMap(([kind, values]) => {
    const others = [values].flat().filter((value) => value !== UNKNOWN && !isOfAccount(value));
    return others.length > 0 ? [[kind, others] as const] : [];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

function isOfAccount(principal: unknown): boolean {
  return typeof principal === 'string' && new RegExp(`^(arn:aws:iam::)?${ACCOUNT}(:|$)`).test(principal);
}

function plain(template: Template, node: TemplateNode | undefined): unknown {
  if (!node) return UNKNOWN;
  if (isList(node)) return node.items.map((item) => plain(template, item));
  if (isMap(node))
    return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(template, value)]));
  return node.kind === 'scalar' ? node.text : resolved(template, node);
}

/** ARNs of what the template has, by their logical ids; texts of pseudo parameters. */
function resolved(template: Template, node: TemplateNode): string {
  for (const [type, arnOf] of Object.entries(ARNS)) {
    const found = template.denoted(node, type);
    if (found) return arnOf(found.resource.id);
  }
  const parts = textOf(node) ?? [{ ref: '?' }];
  const [only] = parts;
  // The rules that SAM makes are no resources of the template.
  if (typeof only === 'object' && rulesOf(template).some(({ id }) => id === only.ref))
    return ruleArn(only.ref);
  const texts = parts.map((part) => (typeof part === 'string' ? part : PSEUDO[part.ref]));
  return texts.includes(undefined) ? UNKNOWN : texts.join('');
}

function ruleArn(id: string): string {
  return `arn:aws:events:eu-west-1:${ACCOUNT}:rule/$${id}`;
}

function queueArn(id: string): string {
  return `arn:aws:sqs:eu-west-1:${ACCOUNT}:$${id}`;
}
