import { pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedRules, RULE_ACTIONS, ruleEvidence } from './deployed-rules.js';

export const ruleDescription: PathCheck = {
  ...requirement('eventbridge.rule-description'),
  needs: ['eventbridge.rule'],
  iam: RULE_ACTIONS,
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const rules = await deployedRules(world);
    const evidence = ruleEvidence(world, rules);
    const mute = rules.filter((one) => !one.description?.trim());
    if (mute.length === 0) return pass(rules.map((one) => one.description).join('; '), { evidence });
    return warn(`${mute.map((one) => one.name).join(', ')} has no description`, {
      expected: 'a sentence that says what the rule is for',
      actual: 'nothing',
      evidence,
      remedy: templateRemedy(
        world,
        'Put back the description of the template.',
        "Give the AWS::Events::Rule a Description. SAM's EventBridgeRule event has none: declare the rule as a separate resource.",
      ),
    });
  },
  ...restoreFix('eventbridge.rule-description', ['StripeEventRule']),
};
