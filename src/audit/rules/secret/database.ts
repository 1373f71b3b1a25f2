import type { AuditRule } from '../../rule.js';
import { secretsToTell, tell } from '../secrets.js';

export const databaseSecret: AuditRule = {
  id: 'secret.database',
  title: "The database's password is neither in parameters nor in the environment",
  area: 'secret',
  severity: 'fail',
  why: 'Whoever can read the function can write to the orders.',
  *judge(template) {
    for (const secret of secretsToTell(template, 'database'))
      yield {
        ...tell(secret, 'the way into the database'),
        expected: 'the name of an SSM SecureString, which the function reads when it starts',
        advice: 'Store it as an SSM SecureString, give the function its name, and read it in the code.',
      };
  },
};
