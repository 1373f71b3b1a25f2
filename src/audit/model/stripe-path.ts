import { everythingIn, scalarText, type TemplateNode, valueAt } from '../document/node.js';
import { type Webhook, webhooksOf } from './apis.js';
import { functionsOf, type LambdaFunction } from './functions.js';
import { type Inbox, inboxesOf } from './inboxes.js';
import { busKind, type EventRule, rulesOf } from './rules.js';
import type { Template } from './template.js';
import { keyOf, textOf } from './text.js';

/** The parts of the way from Stripe to the orders, found by how they are wired, whatever they are called. */
export interface StripePath {
  rules: EventRule[];
  /** Functions that the rules invoke. */
  eventFunctions: LambdaFunction[];
  /** Queues between the rules and functions. */
  inboxes: Inbox[];
  webhooks: Webhook[];
  /** Functions that settle events, however they come, each once. */
  handlers: LambdaFunction[];
  /** The handlers, and every other function that knows Stripe by its environment. */
  functions: LambdaFunction[];
}

const STRIPE_NAME = /(^|_)STRIPE(_|$)/i;
/** Event types as Stripe writes them: `checkout.session.completed`. */
const STRIPE_TYPE =
  /^(account|balance|charge|checkout|coupon|customer|invoice|invoiceitem|payment_intent|payment_link|payment_method|payout|price|product|refund|setup_intent|subscription_schedule|transfer)\.[a-z_.]+$/;

export function stripePath(template: Template): StripePath {
  return template.once('stripe path', () => {
    const rules = rulesOf(template).filter((rule) => isStripeRule(rule));
    const eventFunctions = unique(rules.flatMap((rule) => rule.functions()));
    const webhooks = webhooksOf(template);
    const inboxes = rules.flatMap(inboxesOf);
    const handlers = unique([
      ...eventFunctions,
      ...inboxes.flatMap((one) => one.functions),
      ...webhooks.map((one) => one.handler),
    ]);
    const aware = [...functionsOf(template).values()].filter((one) => knowsStripe(one));
    return { rules, eventFunctions, inboxes, webhooks, handlers, functions: unique([...handlers, ...aware]) };
  });
}

/** Whether the function has an environment variable that is named after Stripe. */
export const knowsStripe = (one: LambdaFunction): boolean =>
  one.variables().some((variable) => STRIPE_NAME.test(variable.key));

/** Its pattern or its bus speaks of Stripe. */
function isStripeRule(rule: EventRule): boolean {
  return (
    rule.patterns().some(({ node }) => speaksOfStripe(rule.template, node)) ||
    rule.buses().some(({ node }) => isStripeBus(rule.template, node))
  );
}

function speaksOfStripe(template: Template, pattern: TemplateNode | undefined): boolean {
  if (!pattern) return false;
  const types = [valueAt(pattern, 'detail-type'), valueAt(pattern, 'detail', 'type')];
  const typed = types.some((node) => texts(node).some((text) => STRIPE_TYPE.test(text)));
  const source = valueAt(pattern, 'source');
  if (texts(source).some((text) => /stripe/i.test(text))) return true;
  const named = source ? [...everythingIn(source)].some((node) => isStripeBus(template, node)) : false;
  return typed || named;
}

/** Every word that stands below a node. */
const texts = (node: TemplateNode | undefined): string[] =>
  node ? [...everythingIn(node)].flatMap((one) => scalarText(one) ?? []) : [];

function isStripeBus(template: Template, bus: TemplateNode | undefined): boolean {
  if (!bus) return false;
  const text = textOf(bus);
  if (text && /stripe\.com/.test(keyOf(text))) return true;
  const parameter = template.parameterOf(bus);
  if (!parameter) return false;
  return (
    /stripe/i.test(parameter.name) ||
    /stripe/i.test(scalarText(parameter.default) ?? '') ||
    (busKind(template, bus) === 'partner' && /stripe/i.test(texts(parameter.body).join(' ')))
  );
}

const unique = (functions: LambdaFunction[]): LambdaFunction[] => [...new Set(functions)];
