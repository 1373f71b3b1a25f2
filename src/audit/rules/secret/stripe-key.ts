import { scalarText } from '../../document/node.js';
import { stripePath } from '../../model/stripe-path.js';
import type { AuditRule } from '../../rule.js';
import { isApiKey, secretIn } from '../secrets.js';

export const stripeKey: AuditRule = {
  id: 'secret.no-stripe-key',
  title: 'No function holds a Stripe API key in its environment',
  area: 'secret',
  severity: 'fail',
  why: 'Whoever can read the function can refund payments and read customers with it.',
  *judge(template) {
    for (const one of stripePath(template).functions)
      for (const variable of one.variables()) {
        if (!isApiKey(variable, template)) continue;
        const found = secretIn(template, variable.value);
        if (!found) continue;
        yield {
          at: variable.value,
          secret: scalarText(variable.value),
          summary: `${one.id} has a Stripe API key in ${variable.key}, ${found.from}.`,
          expected:
            'no key; or, where sessions are created, the name of an SSM SecureString with a restricted key',
          advice:
            'The handlers of events need no key: the signature, or the partner source, proves the event. A function that creates sessions reads a restricted key from SSM.',
        };
      }
  },
};
