import { requirement } from '../../../requirements/requirement.js';
import type { AuditRule } from '../../rule.js';
import { secretsToTell, tell } from '../secrets.js';

export const databaseSecret: AuditRule = {
  ...requirement('secret.database'),
  *judge(template) {
    for (const secret of secretsToTell(template, 'database'))
      yield {
        ...tell(secret, 'the way into the database'),
        expected: 'the name of an SSM SecureString, which the function reads when it starts',
        advice: 'Store it as an SSM SecureString, give the function its name, and read it in the code.',
      };
  },
};
