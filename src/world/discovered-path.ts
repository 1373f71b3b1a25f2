import { SOURCE_PREFIX } from '../../handlers/contract/envelope.js';
import { functionNameOf, isSamePlace, nameOf, qualifierOf, serviceOf } from '../aws/arn.js';
import type { StackResource } from '../aws/cloudformation.js';
import type { Rule, Target } from '../aws/eventbridge.js';
import { undefinedIfUnavailable } from '../core/errors.js';
import { ourDestination } from './destination.js';
import { type DiscoveredWebhook, discoverWebhook } from './discovered-webhook.js';
import type { Ambiguity, PathFunction, PathQueue, PaymentPath } from './payment-path.js';
import { idsOf, stackResources } from './stack-resources.js';
import type { World } from './world.js';

const NO_WEBHOOK: DiscoveredWebhook = { unclear: [] };

/**
 * The payment path inside a stack of somebody else's, by the types of its resources and how they are wired: never by
 * names. What the wiring does not decide is named in `unclear`, and left out.
 */
export async function discoverPath(world: World): Promise<PaymentPath | undefined> {
  const resources = await stackResources(world, world.settings.stack.name);
  if (resources.length === 0) return undefined;
  const [destination, rules] = await Promise.all([
    undefinedIfUnavailable(ourDestination(world)),
    stripeRules(world, resources),
  ]);
  const handlers = handlersOf(rules, world.settings.acknowledgedHandlers);
  const [webhook, queues, topicArns] = await Promise.all([
    world.settings.webhook ? discoverWebhook(world, resources) : NO_WEBHOOK,
    queuesOf(world, rules, handlers),
    alarmTopics(world, resources),
  ]);
  return {
    managed: false,
    eventBusName: destination?.sourceName,
    rules: rules.map(({ rule }) => ({ busName: rule.busName, name: rule.name, arn: rule.arn })),
    functions: [...handlers, ...(webhook.handler ? [webhook.handler] : [])],
    queues,
    api: webhook.api,
    topicArns,
    unclear: [...severalHandlers(handlers), ...webhook.unclear],
  };
}

interface WiredRule {
  rule: Rule;
  targets: Target[];
}

/** Rules that are, or should be, on the way of Stripe's events: in the stack, or on a Stripe bus with a target in it. */
async function stripeRules(world: World, resources: readonly StackResource[]): Promise<WiredRule[]> {
  const functions = new Set(idsOf(resources, 'AWS::Lambda::Function'));
  const [declared, besides] = await Promise.all([declaredRules(world, resources), rulesOnStripeBuses(world)]);
  const rules = new Map([...besides, ...declared].map((rule) => [rule.arn, rule]));
  const wired = await Promise.all(
    [...rules.values()].map(async (rule) => ({
      rule,
      targets: await world.eventbridge.listTargets(rule.busName, rule.name),
    })),
  );
  const ours = new Set(declared.map((rule) => rule.arn));
  return wired.filter(
    ({ rule, targets }) =>
      ours.has(rule.arn) ||
      targets.some(({ arn }) => functions.has(functionNameOf(arn) ?? '') && isSamePlace(arn, rule.arn)),
  );
}

/** A rule's physical id is its name on the default bus, and `bus|rule` on another (FACTS-AWS §2). */
async function declaredRules(world: World, resources: readonly StackResource[]): Promise<Rule[]> {
  const found = await Promise.all(
    idsOf(resources, 'AWS::Events::Rule').map((id) => {
      const [first = '', second] = id.split('|');
      return second === undefined
        ? world.eventbridge.describeRule('default', first)
        : world.eventbridge.describeRule(first, second);
    }),
  );
  return found.filter((rule) => rule !== undefined).filter(isForStripe);
}

async function rulesOnStripeBuses(world: World): Promise<Rule[]> {
  const buses = await world.eventbridge.listEventBuses(SOURCE_PREFIX);
  const rules = await Promise.all(buses.map((bus) => world.eventbridge.listRules(bus.name)));
  return rules.flat().filter((rule) => !rule.managedBy);
}

/** Also what was meant for Stripe and matches nothing: `source: [stripe.com]`, or its event types alone. */
function isForStripe(rule: Rule): boolean {
  return (
    rule.busName.startsWith(SOURCE_PREFIX) || /stripe|checkout\.session\./i.test(rule.eventPattern ?? '')
  );
}

/** A function of another account or region is no part of the path: nobody delivers payments to it in the rule's place. */
function handlersOf(rules: readonly WiredRule[], acknowledged: readonly string[]): PathFunction[] {
  const arns = rules.flatMap(({ rule, targets }) =>
    targets.map(({ arn }) => arn).filter((arn) => isSamePlace(arn, rule.arn)),
  );
  return [...new Set(arns)].flatMap((arn) => {
    const name = functionNameOf(arn);
    return name === undefined || acknowledged.includes(arn) ? [] : [{ role: 'event' as const, name, arn }];
  });
}

function severalHandlers(handlers: readonly PathFunction[]): Ambiguity[] {
  if (handlers.length < 2) return [];
  const text = `${handlers.length} functions get Stripe's events from rules: ${handlers.map((one) => one.arn).join(', ')}. Those that do not settle orders belong into acknowledgedHandlers.`;
  return [{ about: 'event', text }];
}

async function queuesOf(
  world: World,
  rules: readonly WiredRule[],
  handlers: readonly PathFunction[],
): Promise<PathQueue[]> {
  const delivery = rules.flatMap(({ rule, targets }) =>
    targets.map(({ deadLetterArn }) => localQueue(deadLetterArn, rule.arn)),
  );
  const failures = await Promise.all(handlers.map((handler) => failureQueuesOf(world, handler)));
  const found = await Promise.all([
    ...[...new Set(delivery)].map((arn) => queueOf(world, 'delivery', arn)),
    ...[...new Set(failures.flat())].map((arn) => queueOf(world, 'function', arn)),
  ]);
  return found.filter((queue) => queue !== undefined);
}

async function failureQueuesOf(world: World, { name, arn }: PathFunction): Promise<(string | undefined)[]> {
  const [found, invoke] = await Promise.all([
    world.lambda.function(name),
    world.lambda.eventInvokeConfig(name, qualifierOf(arn)),
  ]);
  return [found?.deadLetterArn, invoke?.onFailureArn].map((queue) => localQueue(queue, arn));
}

/** A queue's ARN where the queue is of the same account and region as who sends to it: looked up by its name, it is another elsewhere. */
function localQueue(arn: string | null | undefined, sender: string): string | undefined {
  return arn && serviceOf(arn) === 'sqs' && isSamePlace(arn, sender) ? arn : undefined;
}

async function queueOf(
  world: World,
  purpose: PathQueue['purpose'],
  arn: string | undefined,
): Promise<PathQueue | undefined> {
  if (arn === undefined) return undefined;
  const name = nameOf(arn);
  const url = await world.sqs.queueUrl(name);
  return url === undefined ? undefined : { purpose, name, arn, url };
}

/** The topics that the stack's alarms tell; where it has no alarm, its topics. */
async function alarmTopics(world: World, resources: readonly StackResource[]): Promise<string[]> {
  const names = idsOf(resources, 'AWS::CloudWatch::Alarm');
  if (names.length === 0) return idsOf(resources, 'AWS::SNS::Topic');
  const alarms = (await world.cloudwatch.listAlarms()).filter((alarm) => names.includes(alarm.name));
  return [...new Set(alarms.flatMap((alarm) => alarm.actions).filter((arn) => serviceOf(arn) === 'sns'))];
}
