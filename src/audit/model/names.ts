import type { TemplateNode } from '../document/node.js';
import type { Webhook } from './apis.js';
import { type Evidence, strongest } from './evidence.js';
import { functionsOf, type LambdaFunction } from './functions.js';
import { namesStripe } from './secret-names.js';
import { hasHookWord, isOfAnotherTrade, standsBeside } from './stripe-words.js';
import type { Template } from './template.js';
import { type Text, textOf } from './text.js';

/** One name that something goes by. */
export interface Name {
  name: string;
  /** How the report calls it. */
  words: string;
  /** What a route is called says more than what a function is called. */
  route: boolean;
}

/** What names say together: each word counts once, wherever it stands. Both in one name are certain. */
export function nameEvidence(names: readonly Name[]): Evidence[] {
  const saying = names.map((one) => ({ ...one, stripe: namesStripe(one.name), hook: hasHookWord(one.name) }));
  // A sentence says many things.
  const both = saying.find((one) => one.stripe && one.hook && !/\s/.test(one.name));
  if (both) return [{ weight: 3, words: both.words }];
  return [
    ...strongest(
      saying.filter((one) => one.stripe).map((one) => ({ weight: one.route ? 2 : 1, words: one.words })),
    ),
    ...strongest(saying.filter((one) => one.hook).map((one) => ({ weight: 1, words: one.words }))),
    ...(isElsewhere(names) ? [{ weight: -2, words: 'its name is that of another trade' }] : []),
  ];
}

function isElsewhere(names: readonly Name[]): boolean {
  const trade =
    !names.some(({ name }) => hasHookWord(name)) && names.some(({ name }) => isOfAnotherTrade(name));
  return (
    trade ||
    names.some(
      ({ name, words }) => !/\s/.test(name) && !/^its (code|handler)/.test(words) && standsBeside(name),
    )
  );
}

export function namesOfRoute({ path, eventName, kind }: Webhook): Name[] {
  return [
    { name: path, words: kind === 'function-url' ? 'its function URL' : `its route ${path}`, route: true },
    ...(eventName === undefined ? [] : [{ name: eventName, words: `its event ${eventName}`, route: false }]),
  ];
}

/** Every name that a function goes by, in every branch. What all functions of a template are called tells none apart. */
export function namesOfFunction(one: LambdaFunction): Name[] {
  const { template } = one;
  return template.once(`names of ${one.id}`, () => {
    const own = ownNames(one);
    return areAllCalledStripe(template)
      ? own.filter(({ name }) => !namesStripe(name) || hasHookWord(name))
      : own;
  });
}

const areAllCalledStripe = (template: Template): boolean =>
  template.once('all are called Stripe', () => {
    const functions = [...functionsOf(template).values()];
    const isCalled = (one: LambdaFunction) =>
      one.at('FunctionName').some(({ node }) => namesStripe(literalsOf(node)));
    return functions.length > 1 && functions.every(isCalled);
  });

function ownNames(one: LambdaFunction): Name[] {
  const property = (key: string, what: string) =>
    one.at(key).flatMap(({ node }) => {
      const name = literalsOf(node);
      return name === '' ? [] : [{ name, words: `its ${what} "${name}"`, route: false }];
    });
  return [
    { name: one.id, words: `its logical id ${one.id}`, route: false },
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
    .join('')
    .trim();
}
