import { requirement } from '../../../requirements/requirement.js';
import { everythingIn, scalarText, valueAt } from '../../document/node.js';
import { isPlaceholder, kindOfName, kindOfValue, namesStripe } from '../../model/secret-names.js';
import { isPlaceParameter } from '../../model/secret-text.js';
import { exposedSecrets } from '../../model/secrets.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Parameter, Template } from '../../model/template.js';
import { referencesIn, textOf } from '../../model/text.js';
import { setAt } from '../../patch/edit.js';
import type { AuditRule, Judgement } from '../../rule.js';

export const secretParameter: AuditRule = {
  ...requirement('audit.secret-parameter'),
  *judge(template) {
    // What arrives in a function is told there.
    const told = new Set(exposedSecrets(template).map((secret) => secret.parameter));
    for (const parameter of template.parameters.values())
      if (!told.has(parameter) && isSecret(template, parameter)) yield* judgeParameter(template, parameter);
  },
};

/** By its name, or by a default that looks like one. */
function isSecret(template: Template, parameter: Parameter): boolean {
  const type = scalarText(valueAt(parameter.body, 'Type')) ?? '';
  if (type !== 'String' && !type.startsWith('AWS::SSM::Parameter::Value')) return false;
  const byValue = kindOfValue(scalarText(parameter.default) ?? '');
  if (byValue === 'stripe-key' || byValue === 'signing-secret') return true;
  if (kindOfName(parameter.name) === undefined || isPlaceParameter(parameter)) return false;
  const { functions, rules } = stripePath(template);
  return namesStripe(parameter.name) || functions.length + rules.length > 0;
}

function* judgeParameter(template: Template, parameter: Parameter): Generator<Judgement> {
  const { name, entry, body, noEcho, default: fallback } = parameter;
  const text = scalarText(fallback) ?? '';
  const resolved = (scalarText(valueAt(body, 'Type')) ?? '').startsWith('AWS::SSM::');
  const written = text !== '' && !resolved && !isPlaceholder(text);
  // Hidden, and kept where secrets are kept: that is what such parameters are for.
  const kept = isOnlyKept(template, name);
  if (noEcho && !written && kept) return;
  const faults = [
    noEcho ? '' : 'without NoEcho, so that it is shown to everybody',
    written ? 'with a default that everybody reads in the template' : '',
  ].filter((one) => one !== '');
  // Where it goes on to others, hiding it is not enough.
  const edit = noEcho || written || !kept ? undefined : setAt(body, ['NoEcho'], true);
  yield {
    at: entry.at,
    ...(faults.length === 0 || (kindOfValue(text) ?? kindOfName(name)) === 'other'
      ? { severity: 'warn' }
      : {}),
    summary: `${name} is a secret as a stack parameter${faults.length > 0 ? `, ${faults.join(' and ')}` : ''}.`,
    expected: 'a parameter with the name of an SSM SecureString; the value never enters the stack',
    actual: written ? 'a value in the template' : noEcho ? 'NoEcho: true' : 'a plain String',
    advice: `${written ? 'Change the secret, since it is known now. ' : ''}Keep it as an SSM SecureString, and pass its name. NoEcho hides it from the stack, not from what it is given to.`,
    patch: edit && [edit],
  };
}

/** What keeps a secret, or needs it to be made. */
const KEEPERS =
  /^AWS::(SecretsManager::|RDS::|DocDB::|Redshift::|ElastiCache::|DMS::|CloudFormation::Stack$|Events::Connection$|Amplify::)/;

function isOnlyKept(template: Template, name: string): boolean {
  return [...template.resources.values()].every(
    ({ type, body }) => KEEPERS.test(type) || !refersTo(body, name),
  );
}

const refersTo = (node: Parameters<typeof everythingIn>[0], name: string): boolean =>
  [...everythingIn(node)].some(
    (one) => one.kind === 'call' && referencesIn(textOf(one)).some(({ ref }) => ref === name),
  );
