import { requirement } from '../../../requirements/requirement.js';
import type { AuditRule } from '../../rule.js';
import { secretsToTell, tell } from '../secrets.js';

export const stripeKey: AuditRule = {
  ...requirement('secret.no-stripe-key'),
  *judge(template) {
    for (const secret of secretsToTell(template, 'stripe-key'))
      yield {
        ...tell(secret, 'a Stripe API key'),
        expected:
          'no key; or, where sessions are created, the name of an SSM SecureString with a restricted key',
        advice:
          'The handlers of events need no key: the signature, or the partner source, proves the event. A function that creates sessions reads a restricted key from SSM.',
      };
  },
};
