import { functionNameOf, isSamePlace } from '../../aws/arn.js';
import { fail, pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { decide } from '../../world/access.js';
import { type Statement, speaksOf, statementsOf } from '../../world/policy-document.js';
import type { World } from '../../world/world.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedTargets, RULE_ACTIONS, type RuleTarget } from './deployed-rules.js';

const INVOKE = 'lambda:InvokeFunction';
const SERVICE = 'events.amazonaws.com';

export const permission: PathCheck = {
  ...requirement('eventbridge.permission'),
  otherwise: 'the permission names no account, so that rules of any account may invoke the function',
  needs: ['eventbridge.target'],
  iam: [...RULE_ACTIONS, 'lambda:GetPolicy'],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const targets = (await deployedTargets(world)).filter(({ target }) => functionNameOf(target.arn));
    if (targets.length === 0) return skipped('no target is a function');
    const looked = await Promise.all(targets.map((one) => look(world, one)));
    const evidence = looked.map(({ name }) => ({
      label: 'function',
      value: name,
      url: world.links.lambda(name),
    }));
    const shut = looked.filter(({ problem }) => problem !== undefined);
    const remedy = templateRemedy(
      world,
      'Put back the permission of the template.',
      'Declare an AWS::Lambda::Permission for events.amazonaws.com with SourceArn: !GetAtt <the rule>.Arn and no SourceAccount.',
    );
    if (shut.length > 0)
      return fail(shut.map(({ problem }) => problem).join('; '), {
        expected: `${SERVICE} for ${shut.map(({ ruleArn }) => ruleArn).join(', ')}`,
        actual: shut.map(({ allowed }) => allowed.join(', ') || 'no rule').join('; '),
        evidence,
        remedy,
      });
    const open = looked.filter(({ forAnybody }) => forAnybody);
    if (open.length > 0)
      return warn(`rules of any account may invoke ${open.map(({ name }) => name).join(', ')}`, {
        expected: `the SourceArn ${open.map(({ ruleArn }) => ruleArn).join(', ')}`,
        actual: open.flatMap(({ allowed }) => allowed).join(', ') || 'none',
        evidence,
        remedy: {
          ...remedy,
          text: 'Name the rule as the SourceArn of the permission.',
          fixable: false,
          commands: [],
        },
      });
    return pass(looked.map(({ name, ruleArn }) => `${ruleArn} may invoke ${name}`).join('; '), { evidence });
  },
  fixLeaves: 'a permission that lets in rules of any account',
  ...restoreFix('eventbridge.permission', ['StripeEventPermission']),
};

interface Looked {
  name: string;
  ruleArn: string;
  /** Source ARNs that are let in. */
  allowed: string[];
  forAnybody: boolean;
  problem?: string;
}

async function look(world: World, { rule, target }: RuleTarget): Promise<Looked> {
  const name = functionNameOf(target.arn) ?? '';
  const statements = statementsOf((await world.lambda.policy(target.arn)) ?? null);
  const forRules = statements.filter(isForRules);
  const allowed = forRules.flatMap(sourcesOf);
  // EventBridge tells the rule and nothing else: a condition on the account never holds.
  const mayInvoke = (ruleArn: string) =>
    decide(statements, {
      action: INVOKE,
      resource: target.arn,
      principal: { kind: 'Service', value: SERVICE },
      context: { 'aws:sourcearn': ruleArn },
    }) === 'allowed';
  const forAnybody = mayInvoke(rule.arn.replace(/:\d{12}:/, ':000000000000:'));
  const base = { name, ruleArn: rule.arn, allowed, forAnybody };
  if (mayInvoke(rule.arn)) return base;
  return {
    ...base,
    problem: `${name} does not let ${rule.name} invoke it${reason(forRules, allowed, rule.arn)}`,
  };
}

function reason(forRules: readonly Statement[], allowed: readonly string[], ruleArn: string): string {
  if (forRules.some((statement) => keysOf(statement).includes('aws:sourceaccount')))
    return ': its permission asks for a SourceAccount, which EventBridge does not send';
  const name = ruleArn.split('/').at(-1);
  if (allowed.some((arn) => isSamePlace(arn, ruleArn) && arn.split(':').at(-1) === `rule/${name}`))
    return `: its permission names rule/${name}, without the bus that the rule is on`;
  return allowed.length > 0 ? `: it allows ${allowed.join(', ')}` : '';
}

const isForRules = (statement: Statement) =>
  statement.effect === 'Allow' &&
  speaksOf(statement, INVOKE) &&
  statement.principals.some(({ value }) => value === SERVICE);

const keysOf = (statement: Statement) =>
  Object.values(statement.conditions).flatMap((keys) => Object.keys(keys));

const sourcesOf = (statement: Statement) =>
  Object.values(statement.conditions).flatMap((keys) => keys['aws:sourcearn'] ?? []);
