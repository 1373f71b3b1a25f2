import { functionNameOf, isSamePlace } from '../../aws/arn.js';
import { fail, pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { functionOf, type PaymentPath, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import {
  deployedRules,
  deployedTargets,
  RULE_ACTIONS,
  type RuleTarget,
  ruleEvidence,
} from './deployed-rules.js';

export const target: PathCheck = {
  ...requirement('eventbridge.target'),
  otherwise: 'it is not known which of the functions settles orders',
  needs: ['eventbridge.rule'],
  iam: [...RULE_ACTIONS, 'lambda:GetFunction'],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const [path, rules, targets] = await Promise.all([
      paymentPath(world),
      deployedRules(world),
      deployedTargets(world),
    ]);
    if (!path) return NOT_DEPLOYED;
    const evidence = ruleEvidence(world, rules);
    const wrong = await problemsOf(world, path, rules, targets);
    const unclear = path.unclear.find(({ about }) => about === 'event')?.text;
    if (wrong.length === 0 && unclear !== undefined)
      return warn(unclear, {
        evidence,
        remedy: {
          text: 'Name what does not settle orders in acknowledgedHandlers.',
          commands: [],
          fixable: false,
        },
      });
    if (wrong.length === 0)
      return pass(targets.map(({ target: one }) => functionNameOf(one.arn) ?? one.arn).join(', '), {
        evidence,
      });
    return fail(wrong.join('; '), {
      expected: path.managed ? (functionOf(path, 'event')?.arn ?? 'the handler') : 'a function that exists',
      actual: targets.map(({ target: one }) => one.arn).join(', ') || 'no target',
      evidence,
      remedy: templateRemedy(
        world,
        'Put the handler back, and make it the target, as the template says.',
        'Make the function that settles orders the target of the rule in the template, and deploy.',
      ),
    });
  },
  ...restoreFix('eventbridge.target', ['StripeEventRule', 'StripeEventFunction']),
};

async function problemsOf(
  world: World,
  path: PaymentPath,
  rules: readonly { name: string }[],
  targets: readonly RuleTarget[],
): Promise<string[]> {
  const idle = rules
    .filter((rule) => !targets.some((one) => one.rule.name === rule.name))
    .map((rule) => `${rule.name} has no target`);
  const wrong = await Promise.all(targets.map((one) => problemOf(world, path, one)));
  return [...idle, ...wrong.filter((problem) => problem !== undefined)];
}

async function problemOf(
  world: World,
  path: PaymentPath,
  { rule, target: { arn } }: RuleTarget,
): Promise<string | undefined> {
  const name = functionNameOf(arn);
  const handlers = path.functions.filter((one) => one.role === 'event');
  if (path.managed && !handlers.some((one) => one.arn === arn))
    return `${rule.name} sends to ${arn}, which is not the handler`;
  if (world.settings.acknowledgedHandlers.includes(arn)) return undefined;
  if (!isSamePlace(arn, rule.arn)) return `${rule.name} sends to ${arn}, in another account or region`;
  // Somebody else's rule may well have a queue besides; whether it has a handler is what counts.
  if (name === undefined)
    return handlers.length > 0 ? undefined : `${rule.name} sends to ${arn}, which is no function`;
  return (await world.lambda.function(name)) ? undefined : `the function ${name} does not exist`;
}
