import { requirement } from '../../../requirements/requirement.js';
import type { AuditRule } from '../../rule.js';
import { secretsToTell, tell } from '../secrets.js';

export const functionSecrets: AuditRule = {
  ...requirement('function.secrets'),
  *judge(template) {
    for (const secret of secretsToTell(template, 'signing-secret', 'other'))
      yield {
        ...tell(secret, secret.kind === 'other' ? 'a secret' : 'the signing secret'),
        ...(secret.kind === 'other'
          ? { why: 'Whoever can read the function can read the secret, and use it as the function does.' }
          : {}),
        expected: 'the name of an SSM SecureString, which the function reads when it starts',
        advice:
          'Store the secret as an SSM SecureString, give the function its name, let its role ssm:GetParameter it, and read it in the code.',
      };
  },
};
