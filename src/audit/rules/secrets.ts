import { type MapEntry, scalarText, type TemplateNode } from '../document/node.js';
import type { Template } from '../model/template.js';
import { keyOf, referencesIn, textOf } from '../model/text.js';

const VALUE = /^(sk|rk)_(test|live)_|^whsec_|:\/\/[^/\s:@]+:[^/\s@]+@/;
/** Names that hold a secret itself, and not where it is kept. */
const SECRET_NAME = /SECRET|PASSWORD|PASSWD|TOKEN|PRIVATE_?KEY|API_?KEY|SIGNING/i;
const PLACE_NAME = /(PARAM(ETER)?|ARN|NAME|PATH|ID|SSM|REF)$/i;
const API_KEY_NAME = /STRIPE.*(SECRET_?KEY|API_?KEY|PRIVATE_?KEY)|^STRIPE_(KEY|SECRET)$/i;
const DATABASE_NAME =
  /(DATABASE|DB|MYSQL|MARIADB|RDS|POSTGRES|PG).*(URL|URI|DSN|PASS(WORD|WD)?|PWD)$|^PGPASSWORD$/i;

export const isSecretName = (name: string): boolean => SECRET_NAME.test(name) && !PLACE_NAME.test(name);

/** A variable that holds a Stripe API key, by its name or by what stands in it. */
export function isApiKey({ key, value }: MapEntry, template: Template): boolean {
  if (/^(sk|rk)_(test|live)_/.test(template.plainText(value) ?? '')) return true;
  return API_KEY_NAME.test(key) && !PLACE_NAME.test(key);
}

/** A variable or parameter that holds how to get into the database. */
export const isDatabaseSecret = (name: string): boolean =>
  DATABASE_NAME.test(splitWords(name)) && !PLACE_NAME.test(name);

/** `DatabasePassword` reads as `Database_Password`. */
const splitWords = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');

/** What makes a value a secret that stands open: written out, from a parameter, or resolved while deploying. */
export function secretIn(
  template: Template,
  node: TemplateNode,
): { kind: 'value' | 'parameter' | 'resolved'; from: string } | undefined {
  const literal = scalarText(node);
  if (literal !== undefined && VALUE.test(literal))
    return { kind: 'value', from: 'written out in the template' };
  const text = textOf(node);
  if (!text) return undefined;
  const resolved = /\{\{resolve:(secretsmanager|ssm-secure|ssm):/.exec(keyOf(text))?.[1];
  if (resolved) return { kind: 'resolved', from: `resolved from ${resolved} when it is deployed` };
  const parameter = referencesIn(text)
    .map(({ ref }) => template.parameters.get(ref))
    .find((one) => one !== undefined);
  if (parameter) {
    // Of this type, the parameter itself is only a name; what arrives is still the value.
    return { kind: 'parameter', from: `from the stack parameter ${parameter.name}` };
  }
  return literal !== undefined && literal !== ''
    ? { kind: 'parameter', from: 'written out in the template' }
    : undefined;
}
