import { SOURCE_PREFIX } from '../../../handlers/contract/envelope.js';
import { undefinedIfUnavailable } from '../../core/errors.js';
import { fail, pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedRules, RULE_ACTIONS, ruleEvidence } from './deployed-rules.js';

export const ruleBus: PathCheck = {
  ...requirement('eventbridge.rule-bus'),
  needs: ['eventbridge.rule'],
  iam: RULE_ACTIONS,
  stripe: DESTINATION_READS.stripe,
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const [rules, destination] = await Promise.all([
      deployedRules(world),
      // Who cannot be asked which bus it is can still tell one that it never is.
      undefinedIfUnavailable(ourDestination(world)),
    ]);
    const expected = destination?.sourceName;
    const astray = rules.filter((one) =>
      expected === undefined ? !one.busName.startsWith(SOURCE_PREFIX) : one.busName !== expected,
    );
    const evidence = ruleEvidence(world, rules);
    if (astray.length === 0) return pass(rules.map((one) => one.busName).join(', '), { evidence });
    const wanted = expected ?? `the partner event bus (${SOURCE_PREFIX}ed_…)`;
    return fail(
      astray
        .map((one) => `${one.name} is on the bus ${one.busName}, where Stripe's events never arrive`)
        .join('; '),
      {
        expected: wanted,
        actual: [...new Set(astray.map((one) => one.busName))].join(', '),
        evidence,
        remedy: templateRemedy(
          world,
          'Deploy the stack again, with its rule on the bus of this destination.',
          `Set EventBusName of the rule to ${wanted} in the template, and deploy. A source cannot be associated with default.`,
        ),
      },
    );
  },
  ...restoreFix('eventbridge.rule-bus', ['StripeEventRule']),
};
