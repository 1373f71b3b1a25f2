import { fail, pass, skipped } from '../../core/finding.js';
import { paymentPath } from '../../world/payment-path.js';
import type { PathCheck } from '../types.js';
import { deployedRules, ruleEvidence } from './deployed-rules.js';

export const rule: PathCheck = {
  id: 'eventbridge.rule',
  title: "A rule takes Stripe's events",
  area: 'eventbridge',
  severity: 'fail',
  needs: ['account.aws-region'],
  iam: [
    'cloudformation:DescribeStacks',
    'cloudformation:ListStackResources',
    'events:DescribeRule',
    'events:ListEventBuses',
    'events:ListRules',
    'events:ListTargetsByRule',
  ],
  why: 'Without a rule EventBridge drops every event that Stripe sends, and reports nothing.',
  async inspect(world) {
    const path = await paymentPath(world);
    if (!path) return skipped(`the stack ${world.settings.stack.name} is not deployed`);
    const rules = await deployedRules(world);
    if (rules.length > 0)
      return pass(rules.map((one) => one.name).join(', '), { evidence: ruleEvidence(world, rules) });
    const [gone] = path.rules;
    return fail(
      gone
        ? `the rule ${gone.name} is gone from ${gone.busName}`
        : `the stack ${world.settings.stack.name} has no rule for Stripe's events`,
      {
        expected: 'a rule on the partner event bus',
        actual: 'none',
        remedy: { text: 'Deploy the stack again.', commands: ['cachao setup'], fixable: false },
      },
    );
  },
};
