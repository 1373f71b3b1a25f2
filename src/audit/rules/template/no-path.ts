import { stripePath } from '../../model/stripe-path.js';
import type { AuditRule } from '../../rule.js';

export const noPath: AuditRule = {
  id: 'audit.no-path',
  title: 'A part of the Stripe path is in the template',
  area: 'stack',
  severity: 'warn',
  why: 'What the audit does not recognise it cannot judge: silence would look like health.',
  *judge(template) {
    const { rules, webhooks, functions } = stripePath(template);
    const resources = template.document.root.entries.get('Resources');
    if (!resources || rules.length + webhooks.length + functions.length > 0) return;
    yield {
      at: resources.at,
      summary: 'Nothing of a Stripe path was recognised in this template.',
      expected:
        'a rule on Stripe events, a route like /webhooks/stripe, or a function with STRIPE_ in its environment',
      advice:
        'Name the template that has it. If this is the one, look at the pattern of its rule: that is how a rule is recognised, not by its name.',
    };
  },
};
