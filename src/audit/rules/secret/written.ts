import { requirement } from '../../../requirements/requirement.js';
import { writtenElsewhere } from '../../model/secrets.js';
import type { AuditRule } from '../../rule.js';

export const secretWritten: AuditRule = {
  ...requirement('audit.secret-written'),
  *judge(template) {
    for (const { kind, at } of writtenElsewhere(template))
      yield {
        at,
        summary: `${kind === 'stripe-key' ? 'A Stripe API key' : 'A signing secret'} is written out here.`,
        expected: 'the name of an SSM SecureString, whose value never enters the template',
        advice:
          'Change the secret at Stripe, since it is known now. Keep it as an SSM SecureString, and pass its name.',
      };
  },
};
