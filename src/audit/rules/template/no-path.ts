import { requirement } from '../../../requirements/requirement.js';
import { functionsOf } from '../../model/functions.js';
import { stripePath } from '../../model/stripe-path.js';
import type { AuditRule } from '../../rule.js';

export const noPath: AuditRule = {
  ...requirement('audit.no-path'),
  *judge(template) {
    const { rules, webhooks, handlers, functions } = stripePath(template);
    const resources = template.document.root.entries.get('Resources');
    if (!resources || rules.length + webhooks.length + handlers.length > 0) return;
    const ids = [...functionsOf(template).keys()];
    const knowing = functions.map((one) => one.id);
    const named = knowing[0] ?? ids[0];
    yield {
      at: resources.at,
      summary:
        knowing.length > 0
          ? `Nothing here takes Stripe's events, as far as can be seen; ${knowing.join(' and ')} only ${knowing.length === 1 ? 'knows' : 'know'} Stripe.`
          : 'Nothing of a Stripe path was recognised in this template.',
      expected:
        "a rule on Stripe's events, a route that Stripe calls, or a function that says that it handles them",
      advice:
        named === undefined
          ? 'Name the template that has it.'
          : `Name the template that has it; or, if it is here, say which function it is: --handler ${named}, or --webhook with its path.`,
    };
  },
};
