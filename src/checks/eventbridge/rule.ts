import { fail, pass, skipped } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { deliveryWays } from '../../world/delivery-ways.js';
import { DESTINATION_READS } from '../../world/destination.js';
import { paymentPath } from '../../world/payment-path.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedRules, RULE_ACTIONS, ruleEvidence } from './deployed-rules.js';

export const rule: PathCheck = {
  ...requirement('eventbridge.rule'),
  needs: ['account.aws-region'],
  iam: RULE_ACTIONS,
  stripe: [...DESTINATION_READS.stripe, 'webhook_read'],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const path = await paymentPath(world);
    if (!path) return NOT_DEPLOYED;
    const { eventbridge, why } = await deliveryWays(world);
    if (!eventbridge) return skipped(why ?? '');
    const rules = await deployedRules(world);
    if (rules.length > 0)
      return pass(rules.map((one) => one.name).join(', '), { evidence: ruleEvidence(world, rules) });
    const [gone] = path.rules;
    const astray = gone && (await world.eventbridge.describeRule('default', gone.name));
    return fail(
      gone
        ? `the rule ${gone.name} is gone from ${gone.busName}${astray ? '; one of its name is on the default bus, where nothing arrives' : ''}`
        : `the stack ${world.settings.stack.name} has no rule for Stripe's events`,
      {
        expected: 'a rule on the partner event bus',
        actual: 'none',
        remedy: templateRemedy(
          world,
          'Put the rule back as the template says.',
          'Declare an AWS::Events::Rule on the partner event bus whose target is the function that settles orders, and deploy.',
        ),
      },
    );
  },
  ...restoreFix('eventbridge.rule', ['StripeEventRule']),
};
