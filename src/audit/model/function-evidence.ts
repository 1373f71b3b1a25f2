import { everythingIn, isMap, scalarText, type TemplateNode, valueAt } from '../document/node.js';
import { type Evidence, strongest } from './evidence.js';
import type { LambdaFunction } from './functions.js';
import { kindOfName, namesOtherService, namesStripe } from './secret-names.js';
import { hasHookWord, isOfAnotherTrade, standsBeside, weightOfName } from './stripe-words.js';
import type { Template } from './template.js';
import { type Text, textOf } from './text.js';

/** What speaks for a function settling Stripe's events, whatever invokes it. */
export function functionEvidence(one: LambdaFunction): Evidence[] {
  return one.template.once(`evidence ${one.id}`, () => {
    const names = namesOf(one);
    if (names.some(({ name }) => namesOtherService(name))) return [];
    const trade =
      !names.some(({ name }) => hasHookWord(name)) && names.some(({ name }) => isOfAnotherTrade(name));
    const beside = names.slice(0, 2).some(({ name }) => standsBeside(name));
    return [
      ...nameEvidence(names),
      ...strongest(ownVariables(one)),
      ...strongest(sharedVariables(one)),
      ...strongest(grants(one)),
      ...(trade || beside ? [{ weight: -2, words: 'its name is that of another trade' }] : []),
    ];
  });
}

interface Name {
  name: string;
  words: string;
}

/** Every name that a function goes by, in every branch. */
function namesOf(one: LambdaFunction): Name[] {
  const property = (key: string, what: string): Name[] =>
    one.at(key).flatMap(({ node }) => {
      const name = literalsOf(node);
      return name === '' ? [] : [{ name, words: `its ${what} "${name}"` }];
    });
  return [
    { name: one.id, words: `its logical id ${one.id}` },
    ...property('FunctionName', 'name'),
    ...property('Description', 'description').filter(({ name }) => namesStripe(name)),
    ...property('Handler', 'handler'),
    ...property('CodeUri', 'code'),
  ].filter(({ name }) => !/^(index|app|main|handler)\.\w+$/.test(name));
}

/** What of a composed text is written out. */
export function literalsOf(node: TemplateNode | undefined): string {
  const text: Text = textOf(node) ?? [];
  return text
    .map((part) => (typeof part === 'string' ? part : ''))
    .join(' ')
    .trim();
}

/** One name may say both words, or two names one each. */
function nameEvidence(names: readonly Name[]): Evidence[] {
  const weighed = names.map(({ name, words }) => ({
    // A sentence says many things.
    weight: Math.min(weightOfName(name), /\s/.test(name) ? 2 : 3),
    words,
    stripe: namesStripe(name),
  }));
  const [best] = strongest(weighed);
  if (!best || best.weight === 0 || best.weight >= 3) return best && best.weight > 0 ? [best] : [];
  return [
    ...strongest(weighed.filter((each) => each.stripe)),
    ...strongest(weighed.filter((each) => !each.stripe)),
  ].filter((each) => each.weight > 0);
}

function ownVariables(one: LambdaFunction): Evidence[] {
  const own = one.template
    .property(one.resource, 'Environment', 'Variables')
    .flatMap(({ node }) => (isMap(node) ? [...node.entries.values()] : []));
  return own.flatMap(({ key, value }) => variableEvidence(key, value));
}

/** What `Globals` give to every function says little of one. */
function sharedVariables(one: LambdaFunction): Evidence[] {
  const globals = one.sam
    ? valueAt(one.template.document.root, 'Globals', 'Function', 'Environment', 'Variables')
    : undefined;
  const alone = one.template.ofType('AWS::Serverless::Function', 'AWS::Lambda::Function').length === 1;
  if (!isMap(globals)) return [];
  return [...globals.entries.values()]
    .flatMap(({ key, value }) => variableEvidence(key, value))
    .map((each) => (alone ? each : { ...each, weight: Math.min(each.weight, 1) }));
}

function variableEvidence(key: string, value: TemplateNode): Evidence[] {
  if (namesOtherService(key)) return [];
  const words = `its variable ${key}`;
  const signs = /web_?hook|signing|endpoint|(^|_)wh(_|$)/i;
  if (namesStripe(key)) return [{ weight: signs.test(key) ? 3 : 1, words }];
  const said = literalsOf(value);
  if (namesStripe(said) && !/^https?:/.test(said))
    return [{ weight: signs.test(said) ? 2 : 1, words: `what its variable ${key} names` }];
  return kindOfName(key) === 'signing-secret' || /^WEBHOOK_?SECRET/i.test(key) ? [{ weight: 1, words }] : [];
}

/** Secrets and parameters of Stripe that it may read. */
function grants(one: LambdaFunction): Evidence[] {
  const places = [...one.at('Policies').map(({ node }) => node), valueAt(one.role()?.properties, 'Policies')];
  const named = places
    .flatMap((node) => (node ? [...everythingIn(node)] : []))
    .map((node) => scalarText(node) ?? '')
    .filter((text) => namesStripe(text));
  return named.map((text) => ({
    weight: /webhook|signing|whsec/i.test(text) ? 2 : 1,
    words: `what it may read, ${text}`,
  }));
}

/** Whether the file says "stripe" at all. */
export const speaksOfStripe = (template: Template): boolean =>
  template.once('speaks of Stripe', () => /stripe/i.test(template.document.text));
