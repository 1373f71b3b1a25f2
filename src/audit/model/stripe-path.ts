import { routesOf, type Webhook } from './apis.js';
import { type Recognition, recognise } from './evidence.js';
import { functionEvidence, speaksOfStripe } from './function-evidence.js';
import { functionsOf, type LambdaFunction } from './functions.js';
import { type Inbox, inboxesOf, inboxOf } from './inboxes.js';
import { nameEvidence, namesOfFunction } from './names.js';
import type { EventRule } from './rules.js';
import { namesOtherService, namesStripe } from './secret-names.js';
import { stripeRulesOf } from './stripe-rules.js';
import type { Template } from './template.js';
import { webhooksOf } from './webhooks.js';

/** The parts of the way from Stripe to the orders, found by how they are wired and by what speaks for them. */
export interface StripePath {
  rules: EventRule[];
  /** Functions that the rules invoke. */
  eventFunctions: LambdaFunction[];
  /** Queues between the rules, or the APIs, and functions. */
  inboxes: Inbox[];
  webhooks: Webhook[];
  /** Functions that settle events, however they come, each once. */
  handlers: LambdaFunction[];
  /** The handlers, and every other function that knows Stripe by its name or its environment. */
  functions: LambdaFunction[];
  /** What was taken for what, and why. */
  recognised: Recognised[];
}

export interface Recognised extends Recognition {
  kind: 'rule' | 'webhook' | 'handler';
  /** How the report calls it. */
  name: string;
  rule?: EventRule;
  webhook?: Webhook;
  handler?: LambdaFunction | undefined;
}

export function stripePath(template: Template): StripePath {
  return template.once('stripe path', () => {
    const rules = stripeRulesOf(template);
    const webhooks = webhooksOf(template);
    const queues = webhooks.flatMap(({ webhook }) => webhook.queue ?? []);
    const inboxes = [
      ...rules.flatMap(({ rule }) => inboxesOf(rule)),
      ...[...new Set(queues)].map((queue) => inboxOf(template, queue)),
    ];
    const eventFunctions = unique(rules.flatMap(({ rule }) => rule.functions()));
    const wired = unique([
      ...eventFunctions,
      ...inboxes.flatMap((one) => one.functions),
      ...webhooks.flatMap(({ webhook }) => webhook.handler ?? []),
    ]);
    const alone = handlersByName(template, wired);
    const handlers = unique([...wired, ...alone.map((one) => one.handler)]);
    const aware = [...functionsOf(template).values()].filter((one) => knowsStripe(one));
    return {
      rules: rules.map((one) => one.rule),
      eventFunctions,
      inboxes,
      webhooks: webhooks.map((one) => one.webhook),
      handlers,
      functions: unique([...handlers, ...aware]),
      recognised: [
        ...rules.map(({ rule, recognition }) => ({
          kind: 'rule' as const,
          name: rule.label,
          rule,
          ...recognition,
        })),
        ...webhooks.map(({ webhook, recognition }) => ({
          kind: 'webhook' as const,
          name: webhook.path,
          webhook,
          handler: webhook.handler,
          ...recognition,
        })),
        ...alone.map((one) => ({ kind: 'handler' as const, name: one.handler.id, ...one })),
      ],
    };
  });
}

/** What bears another service's name is that service's. */
const isOthers = (one: LambdaFunction): boolean =>
  namesOfFunction(one).some(
    ({ name, words }) => !words.startsWith('its description') && namesOtherService(name),
  );

type Alone = Recognition & { handler: LambdaFunction };

/** Functions that nothing here invokes for Stripe, and that say by themselves what they are. */
function handlersByName(template: Template, wired: readonly LambdaFunction[]): Alone[] {
  const { handlers: named } = template.hints;
  const rest = [...functionsOf(template).values()].filter((one) => !wired.includes(one));
  const told = rest
    .filter((one) => named.includes(one.id))
    .map((handler): Alone => ({ handler, certainty: 'sure', because: ['you named it'] }));
  if (!speaksOfStripe(template)) return told;
  // What has routes was judged by them.
  const routed = new Set(routesOf(template).map((one) => one.handler));
  const found = rest
    .filter((one) => !named.includes(one.id) && !routed.has(one))
    .flatMap((handler): Alone[] => {
      const recognition = isOthers(handler)
        ? undefined
        : recognise([...nameEvidence(namesOfFunction(handler)), ...functionEvidence(handler)]);
      return recognition ? [{ handler, ...recognition }] : [];
    });
  const sure = found.filter((one) => one.certainty === 'sure');
  // Beside certain ones, thin ones do not count.
  return [...told, ...(sure.length + wired.length + told.length > 0 ? sure : found)];
}

/** Whether the function, or a variable of its environment, is named after Stripe. */
const knowsStripe = (one: LambdaFunction): boolean =>
  one.variables().some((variable) => namesStripe(variable.key)) ||
  namesOfFunction(one).some(({ name, words }) => /^its (logical id|name)/.test(words) && namesStripe(name));

const unique = (functions: LambdaFunction[]): LambdaFunction[] => [...new Set(functions)];
