import { everythingIn, type MapEntry, scalarText, type TemplateNode } from '../document/node.js';
import { functionsOf, type LambdaFunction } from './functions.js';
import { isPlaceholder, kindOfName, kindOfValue, type SecretKind } from './secret-names.js';
import { isPlaceParameter, literalIn, PLACE_TEXT } from './secret-text.js';
import type { Parameter, Template } from './template.js';
import { keyOf, referenceOf, referencesIn, type Text, textOf } from './text.js';

/** A secret that arrives in the environment of functions. */
export interface ExposedSecret {
  kind: SecretKind;
  /** `written`: everybody reads it in the template. `placeholder`: something stands there for it. */
  from: 'written' | 'placeholder' | 'parameter' | 'resolved';
  /** How it comes there, in words. */
  origin: string;
  variable: string;
  /** The first place at which it is given to a function. */
  at: TemplateNode;
  parameter: Parameter | undefined;
  functions: LambdaFunction[];
}

/** Every secret in a variable of a function, each once: however many functions, variables and branches carry it. */
export function exposedSecrets(template: Template): ExposedSecret[] {
  return template.once('exposed secrets', () => {
    const found = new Map<string, ExposedSecret>();
    for (const one of functionsOf(template).values())
      for (const variable of one.variables())
        for (const secret of secretsOf(template, variable)) {
          const known = found.get(secret.key);
          if (!known) found.set(secret.key, { ...secret, functions: [one] });
          else if (!known.functions.includes(one)) known.functions.push(one);
        }
    return [...found.values()];
  });
}

type Candidate = Omit<ExposedSecret, 'functions'> & { key: string };

/** What is secret in a variable, in every branch. */
function secretsOf(template: Template, variable: MapEntry): Candidate[] {
  return template.possibilities(variable.value).flatMap(({ node }) => {
    const text = textOf(node);
    const found = node && text && classify(template, variable.key, node, text);
    return found ? [{ ...found, variable: variable.key, at: node }] : [];
  });
}

type Classified = Pick<Candidate, 'kind' | 'from' | 'origin' | 'parameter' | 'key'>;

function classify(template: Template, name: string, node: TemplateNode, text: Text): Classified | undefined {
  const literal = literalIn(text);
  const byValue = kindOfValue(typeof text[0] === 'string' ? text[0] : '') ?? kindOfValue(literal ?? '');
  const kind = byValue ?? kindOfName(name);
  if (!kind) return parameterWithSecret(template, node);
  if (literal !== undefined) return written(kind, byValue !== undefined, literal);
  const resolved = /\{\{resolve:(secretsmanager|ssm-secure|ssm):/.exec(keyOf(text))?.[1];
  if (resolved)
    return {
      kind,
      from: 'resolved',
      origin: `resolved from ${resolved} when it is deployed`,
      parameter: undefined,
      key: `${kind} ${keyOf(text)}`,
    };
  if (PLACE_TEXT.test(keyOf(text))) return undefined;
  const parameter = parameterOf(template, kind, node, text);
  return parameter && fromParameter(kind, parameter);
}

function written(kind: SecretKind, certain: boolean, literal: string): Classified | undefined {
  if (literal === '' || PLACE_TEXT.test(literal)) return undefined;
  const resolved = /^\{\{resolve:(secretsmanager|ssm-secure|ssm):/.exec(literal)?.[1];
  if (resolved)
    return {
      kind,
      from: 'resolved',
      origin: `resolved from ${resolved} when it is deployed`,
      parameter: undefined,
      key: `${kind} ${literal}`,
    };
  // `mysql://shop@db/orders`: how to get there, without the password.
  if (!certain && /^[a-z][a-z0-9+.-]*:\/\//i.test(literal)) return undefined;
  // Stripe's own secrets have a form; what has none is a name, or stands there for one.
  const formless = !certain && (kind === 'stripe-key' || kind === 'signing-secret');
  return {
    kind,
    from: formless || isPlaceholder(literal) ? 'placeholder' : 'written',
    origin: 'written out in the template',
    parameter: undefined,
    key: `${kind} ${literal}`,
  };
}

const fromParameter = (kind: SecretKind, parameter: Parameter): Classified => ({
  kind,
  from: 'parameter',
  origin: `from the stack parameter ${parameter.name}${parameter.noEcho ? '' : ', which everybody may read: it has no NoEcho'}`,
  parameter,
  key: `parameter ${parameter.name}`,
});

/** A parameter whose default is a secret is one under every name. */
function parameterWithSecret(template: Template, node: TemplateNode): Classified | undefined {
  const parameter = template.parameterOf(node);
  const fallback = scalarText(parameter?.default) ?? '';
  const kind = kindOfValue(fallback);
  return parameter && kind && kind !== 'database' ? fromParameter(kind, parameter) : undefined;
}

/** The parameter that is the secret: alone, or as the password in a database's URL. */
function parameterOf(
  template: Template,
  kind: SecretKind,
  node: TemplateNode,
  text: Text,
): Parameter | undefined {
  const alone = template.parameterOf(node);
  if (alone) return isPlaceParameter(alone) || isOpenUrl(alone) ? undefined : alone;
  if (kind !== 'database' || referenceOf(node)) return undefined;
  return referencesIn(text)
    .map(({ ref }) => template.parameters.get(ref))
    .find((one) => one !== undefined && kindOfName(one.name) !== undefined && !isPlaceParameter(one));
}

const isOpenUrl = (parameter: Parameter): boolean => {
  const text = scalarText(parameter.default) ?? '';
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && kindOfValue(text) === undefined;
};

/** Secrets of Stripe's own form that stand anywhere but in a function's variable or a parameter's default. */
export function writtenElsewhere(template: Template): { kind: SecretKind; at: TemplateNode }[] {
  return template.once('secrets elsewhere', () => {
    const told = new Set<number>();
    for (const one of functionsOf(template).values())
      for (const variable of one.variables())
        for (const node of everythingIn(variable.value)) told.add(node.start);
    for (const parameter of template.parameters.values())
      if (parameter.default) told.add(parameter.default.start);
    return [...stripeSecretsIn(template.document.root, told)];
  });
}

const IN_TEXT = /(?:^|[^A-Za-z0-9_])((?:[sr]k_(?:test|live)_|whsec_)[A-Za-z0-9+/=]{8,})/g;

function* stripeSecretsIn(
  node: TemplateNode,
  told: ReadonlySet<number>,
): Generator<{ kind: SecretKind; at: TemplateNode }> {
  if (told.has(node.start) && node.kind !== 'map') return;
  const text = node.kind === 'scalar' || node.kind === 'call' ? textOf(node) : undefined;
  for (const [, value = ''] of (text && literalIn(text) ? (literalIn(text) ?? '') : '').matchAll(IN_TEXT))
    if (!isPlaceholder(value)) {
      yield { kind: kindOfValue(value) ?? 'other', at: node };
      return;
    }
  if (node.kind === 'map')
    for (const entry of node.entries.values()) yield* stripeSecretsIn(entry.value, told);
  else if (node.kind === 'list') for (const item of node.items) yield* stripeSecretsIn(item, told);
  else if (node.kind === 'call') yield* stripeSecretsIn(node.argument, told);
}
