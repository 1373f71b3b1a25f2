import { requirement } from '../../../requirements/requirement.js';
import { stripePath } from '../../model/stripe-path.js';
import { setAt } from '../../patch/edit.js';
import type { AuditRule } from '../../rule.js';

export const ruleDescription: AuditRule = {
  ...requirement('eventbridge.rule-description'),
  *judge(template) {
    for (const rule of stripePath(template).rules) {
      if (rule.at('Description').every(({ node }) => node)) continue;
      const edit = rule.owner
        ? undefined
        : setAt(
            rule.properties,
            ['Description'],
            'Delivers Stripe events to the function that settles orders.',
          );
      yield {
        at: rule.place,
        summary: `${rule.label} has no description.`,
        expected: 'a sentence that says what the rule is for',
        advice: rule.owner
          ? "SAM's EventBridgeRule takes no Description. Where it matters, write the rule as AWS::Events::Rule with an AWS::Lambda::Permission of its own."
          : 'Say what the rule is for.',
        patch: edit && [edit],
      };
    }
  },
};
