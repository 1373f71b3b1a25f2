import { scalarText } from '../../document/node.js';
import { functionsOf } from '../../model/functions.js';
import { stripePath } from '../../model/stripe-path.js';
import type { AuditRule } from '../../rule.js';
import { isDatabaseSecret, secretIn } from '../secrets.js';

export const databaseSecret: AuditRule = {
  id: 'secret.database',
  title: "The database's password is neither in parameters nor in the environment",
  area: 'secret',
  severity: 'fail',
  why: 'Whoever can read the function can write to the orders.',
  *judge(template) {
    if (functionsOf(template).size === 0) return;
    for (const one of stripePath(template).functions)
      for (const variable of one.variables()) {
        if (!isDatabaseSecret(variable.key)) continue;
        const found = secretIn(template, variable.value);
        const harmless =
          found?.kind === 'parameter' &&
          /URL|URI|DSN/i.test(variable.key) &&
          isWithoutPassword(template.plainText(variable.value));
        if (!found || harmless) continue;
        yield {
          at: variable.value,
          secret: scalarText(variable.value),
          summary: `${one.id} has the way into the database in ${variable.key}, ${found.from}.`,
          expected: 'the name of an SSM SecureString, which the function reads when it starts',
          advice: 'Store it as an SSM SecureString, give the function its name, and read it in the code.',
        };
      }
  },
};

/** `mysql://user@host/shop`: how to get there, without the password. */
const isWithoutPassword = (text: string | undefined): boolean =>
  text !== undefined && /^[a-z]+:\/\/[^:@/]*@?[^@]+$/.test(text);
