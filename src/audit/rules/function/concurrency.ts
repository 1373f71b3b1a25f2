import { requirement } from '../../../requirements/requirement.js';
import { stripePath } from '../../model/stripe-path.js';
import type { AuditRule } from '../../rule.js';

export const concurrency: AuditRule = {
  ...requirement('function.concurrency'),
  *judge(template) {
    for (const one of stripePath(template).handlers) {
      const values = one.at('ReservedConcurrentExecutions');
      const zero = values.find(({ node }) => template.plainText(node) === '0');
      if (zero?.node && values.length === 1 && !template.parameterOf(zero.node))
        yield {
          at: zero.node,
          severity: 'fail',
          summary: `${one.id} may never run: nothing is reserved for it, and nothing left.`,
          expected: 'a number above 0',
          actual: '0',
          advice: 'Give it a number above 0, or take the property away.',
        };
      // Both branches of an If, one of them without: somebody decided.
      if (values.some(({ node }) => node)) continue;
      yield {
        at: one.resource.entry.at,
        summary: `${one.id} reserves no concurrency.`,
        expected: 'ReservedConcurrentExecutions',
        advice:
          "Reserve what the database can bear, 10 for example. A new account's limit can be 10 in all, and then every reservation is refused: look first (aws lambda get-account-settings).",
      };
    }
  },
};
