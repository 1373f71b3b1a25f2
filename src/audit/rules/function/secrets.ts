import { type MapEntry, scalarText } from '../../document/node.js';
import type { LambdaFunction } from '../../model/functions.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { isApiKey, isDatabaseSecret, isSecretName, secretIn } from '../secrets.js';

export const functionSecrets: AuditRule = {
  id: 'function.secrets',
  title: 'No secret value stands in its environment',
  area: 'function',
  severity: 'fail',
  item: 12,
  why: 'Whoever can read the function can read the secret, forge signed events with it, and mark orders paid.',
  *judge(template) {
    for (const one of stripePath(template).functions)
      for (const variable of one.variables())
        if (!isApiKey(variable, template) && !isDatabaseSecret(variable.key))
          yield* judge(template, one, variable);
  },
};

function* judge(template: Template, one: LambdaFunction, variable: MapEntry): Generator<Judgement> {
  const found = secretIn(template, variable.value);
  if (!found || (found.kind !== 'value' && !isSecretName(variable.key))) return;
  yield {
    at: variable.value,
    secret: scalarText(variable.value),
    summary: `${one.id} has the secret of ${variable.key} in its environment, ${found.from}.`,
    expected: 'the name of an SSM SecureString, which the function reads when it starts',
    advice:
      'Store the secret as an SSM SecureString, give the function its name, let its role ssm:GetParameter it, and read it in the code.',
  };
}
