import {
  everythingIn,
  isMap,
  type MapEntry,
  scalarText,
  type TemplateNode,
  valueAt,
} from '../document/node.js';
import { type Evidence, strongest } from './evidence.js';
import { functionsOf, type LambdaFunction } from './functions.js';
import { literalsOf } from './names.js';
import { kindOfName, namesOtherService, namesStripe } from './secret-names.js';
import type { Template } from './template.js';
import { referenceOf } from './text.js';

/** What speaks for a function settling Stripe's events, beside what it and its routes are called. */
export function functionEvidence(one: LambdaFunction): Evidence[] {
  return one.template.once(`evidence ${one.id}`, () => [
    ...strongest([...ownVariables(one), ...sharedVariables(one)]),
    ...strongest(grants(one)),
    ...(makesResources(one) ? [{ weight: -6, words: 'a custom resource calls it' }] : []),
    ...(runsByTheClock(one) ? [{ weight: -6, words: 'it runs by the clock' }] : []),
  ]);
}

/** Whether CloudFormation itself calls it, for a custom resource. */
function makesResources({ template, id }: LambdaFunction): boolean {
  const tokens = template.once('service tokens', () =>
    [...template.resources.values()].flatMap(
      ({ properties }) => referenceOf(valueAt(properties, 'ServiceToken'))?.ref ?? [],
    ),
  );
  return tokens.includes(id);
}

/** Whether a schedule alone invokes it. */
function runsByTheClock(one: LambdaFunction): boolean {
  const events = valueAt(one.resource.properties, 'Events');
  if (!one.sam || !isMap(events) || events.entries.size === 0) return false;
  return [...events.entries.values()].every((event) =>
    /^Schedule(V2)?$/.test(scalarText(valueAt(event.value, 'Type')) ?? ''),
  );
}

function ownVariables(one: LambdaFunction): Evidence[] {
  return variablesOf(one).flatMap(({ key, value }) =>
    variableEvidence(key, value).map((each) =>
      // What several have tells none apart.
      isCommon(one, key) ? { ...each, weight: each.weight === 3 ? 2 : 1 } : each,
    ),
  );
}

const variablesOf = (one: LambdaFunction): MapEntry[] =>
  one.template
    .property(one.resource, 'Environment', 'Variables')
    .flatMap(({ node }) => (isMap(node) ? [...node.entries.values()] : []));

function isCommon(one: LambdaFunction, key: string): boolean {
  const counts = one.template.once('variables of functions', () => {
    const found = new Map<string, number>();
    for (const each of functionsOf(one.template).values())
      for (const name of new Set(variablesOf(each).map((entry) => entry.key)))
        found.set(name, (found.get(name) ?? 0) + 1);
    return found;
  });
  return (counts.get(key) ?? 0) > 1;
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
    .map((each) => (alone ? each : { ...each, weight: each.weight === 3 ? 2 : 1 }));
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
  const role = one.role();
  const shared =
    role !== undefined &&
    [...functionsOf(one.template).values()].some(
      (other) => other.id !== one.id && other.role()?.id === role.id,
    );
  if (shared) return [];
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
