import { everythingIn, scalarText, valueAt } from '../../document/node.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Parameter, Template } from '../../model/template.js';
import { referencesIn, textOf } from '../../model/text.js';
import { setAt } from '../../patch/edit.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { isDatabaseSecret, isSecretName } from '../secrets.js';

export const secretParameter: AuditRule = {
  id: 'audit.secret-parameter',
  title: 'No secret is a stack parameter',
  area: 'secret',
  severity: 'fail',
  item: 12,
  why: 'A stack parameter is readable by whoever may describe the stack or the function, and is easily set on the wrong stage; then every webhook is refused.',
  *judge(template) {
    const path = stripePath(template);
    if (path.functions.length === 0 && path.rules.length === 0) return;
    for (const parameter of template.parameters.values())
      if (isSecret(template, parameter)) yield* judgeParameter(parameter);
  },
};

/** By its name, by a default that looks like one, or because it ends in a secret's variable. */
function isSecret(template: Template, { name, body, ...parameter }: Parameter): boolean {
  const type = scalarText(valueAt(body, 'Type')) ?? '';
  if (type !== 'String' && !type.startsWith('AWS::SSM::Parameter::Value')) return false;
  if (/^(sk|rk)_(test|live)_|^whsec_/.test(scalarText(parameter.default) ?? '')) return true;
  if (isSecretName(name) || isDatabaseSecret(name)) return !isPlace(parameter.default);
  return stripePath(template).functions.some((one) =>
    one
      .variables()
      .some(
        ({ key, value }) =>
          (isSecretName(key) || isDatabaseSecret(key)) &&
          [...everythingIn(value)].some((node) =>
            referencesIn(textOf(node)).some((each) => each.ref === name),
          ) &&
          !isPlace(parameter.default),
      ),
  );
}

/** `/shop/stripe/secret`: where a secret is kept. */
const isPlace = (node: Parameter['default']): boolean => /^\/[\w./-]+$|^arn:/.test(scalarText(node) ?? '');

function* judgeParameter({ name, entry, body, noEcho, default: fallback }: Parameter): Generator<Judgement> {
  const written = scalarText(fallback);
  const open = written !== undefined && written !== '';
  const faults = [
    noEcho ? '' : 'without NoEcho, so that it is shown to everybody',
    open ? 'with a default that everybody reads in the template' : '',
  ].filter((one) => one !== '');
  const edit = noEcho ? undefined : setAt(body, ['NoEcho'], true);
  yield {
    at: entry.at,
    secret: written,
    summary: `${name} is a secret as a stack parameter${faults.length > 0 ? `, ${faults.join(' and ')}` : ''}.`,
    expected: 'a parameter with the name of an SSM SecureString; the value never enters the stack',
    actual: open ? 'a value in the template' : noEcho ? 'NoEcho: true' : 'a plain String',
    advice: `${open ? 'Change the secret, since it is known now. ' : ''}Keep it as an SSM SecureString, and pass its name. NoEcho hides it from the stack, not from the function's configuration.`,
    patch: edit && [edit],
  };
}
