import { namesStripe, type SecretKind } from '../model/secret-names.js';
import { type ExposedSecret, exposedSecrets } from '../model/secrets.js';
import { stripePath } from '../model/stripe-path.js';
import type { Template } from '../model/template.js';
import type { Judgement } from '../rule.js';

/** Secrets of these kinds in variables: Stripe's in every function, others only where payments go. */
export function secretsToTell(template: Template, ...kinds: readonly SecretKind[]): ExposedSecret[] {
  const onPath = stripePath(template).functions;
  return exposedSecrets(template).filter(
    ({ kind, from, variable, functions }) =>
      kinds.includes(kind) &&
      (kind === 'stripe-key' ||
        (kind === 'signing-secret' && (namesStripe(variable) || from === 'written')) ||
        (kind === 'database' && from === 'written') ||
        functions.some((one) => onPath.includes(one))),
  );
}

/** What is said of a secret in the environment, once for all functions that have it. */
export function tell(secret: ExposedSecret, what: string): Pick<Judgement, 'at' | 'summary' | 'severity'> {
  const { at, variable, origin, functions, from } = secret;
  const who = functions.map((one) => one.id);
  const have = `${who.join(' and ')} ${who.length === 1 ? 'has' : 'have'}`;
  if (from === 'placeholder')
    return {
      at,
      severity: 'warn',
      summary: `${have} a placeholder in ${variable}, where ${what} would stand in the environment.`,
    };
  return {
    at,
    ...(secret.kind === 'other' ? { severity: 'warn' } : {}),
    summary: `${have} ${what} in ${variable}, ${origin}.`,
  };
}
