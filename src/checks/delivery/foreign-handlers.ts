import { SOURCE_PREFIX } from '../../../handlers/contract/envelope.js';
import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { isSamePlace } from '../../aws/arn.js';
import { isOn } from '../../world/drain.js';
import { isOfAnyStage } from '../../world/ownership.js';
import { paymentPath } from '../../world/payment-path.js';
import { sampleEnvelope } from '../../world/sample-envelope.js';
import { pointingAt, webhookUrl } from '../../world/webhook.js';
import type { World } from '../../world/world.js';

export interface ForeignHandler {
  kind: 'rule target' | 'webhook endpoint' | 'event source mapping';
  /** The ARN or URL that acknowledging it names. */
  handler: string;
  /** The rule, or the id of the endpoint or mapping. */
  via: string;
  types: string[];
}

/** Everything that already gets handled events and is not cachao's. */
export async function foreignHandlers(world: World): Promise<ForeignHandler[]> {
  const found = await Promise.all([foreignTargets(world), foreignEndpoints(world), foreignConsumers(world)]);
  return found.flat().filter(({ handler }) => !world.settings.acknowledgedHandlers.includes(handler));
}

async function foreignEndpoints(world: World): Promise<ForeignHandler[]> {
  const endpoints = await world.stripe.webhookEndpoints.list();
  const theirs = await theirOwn(world);
  const foreign = endpoints.filter((endpoint) => endpoint.enabled && !isOfAnyStage(endpoint.metadata));
  const reaching = await pointingAt(world, foreign, theirs.url);
  return foreign
    .filter((endpoint) => !reaching.includes(endpoint))
    .map((endpoint) => ({
      kind: 'webhook endpoint' as const,
      handler: endpoint.url,
      via: endpoint.id,
      types: HANDLED_EVENT_TYPES.filter(
        (type) => endpoint.enabledEvents.includes('*') || endpoint.enabledEvents.includes(type),
      ),
    }))
    .filter((endpoint) => endpoint.types.length > 0);
}

/** Beside a stack of somebody else's, its own rules and webhook are the handler, and nobody else. */
async function theirOwn(world: World): Promise<{ rules: string[]; url: string | undefined }> {
  if (world.settings.stack.managed) return { rules: [], url: undefined };
  const [path, url] = await Promise.all([paymentPath(world), webhookUrl(world)]);
  return { rules: (path?.rules ?? []).map((rule) => rule.arn), url };
}

/** Functions that take failed events out of our queues, besides the drain. What becomes of them nobody would know. */
async function foreignConsumers(world: World): Promise<ForeignHandler[]> {
  const path = await paymentPath(world);
  if (!path?.managed) return [];
  const ours = path.functions.filter(({ role }) => role === 'drain').map(({ arn }) => arn);
  const mappings = await Promise.all(path.queues.map(({ arn }) => world.lambda.eventSourceMappings(arn)));
  return mappings
    .flat()
    .filter((mapping) => isOn(mapping) && !ours.includes(mapping.functionArn))
    .map(({ functionArn, uuid }) => ({
      kind: 'event source mapping' as const,
      handler: functionArn,
      via: uuid,
      types: [...HANDLED_EVENT_TYPES],
    }));
}

/** Rules on any Stripe bus here, whichever destination feeds it: two of them would see the same payment. */
async function foreignTargets(world: World): Promise<ForeignHandler[]> {
  const buses = await world.eventbridge.listEventBuses(SOURCE_PREFIX);
  return (await Promise.all(buses.map((bus) => foreignTargetsOn(world, bus.name)))).flat();
}

async function foreignTargetsOn(world: World, busName: string): Promise<ForeignHandler[]> {
  const theirs = await theirOwn(world);
  const rules = (await world.eventbridge.listRules(busName)).filter(
    (rule) =>
      rule.state === 'ENABLED' && !rule.managedBy && rule.eventPattern && !theirs.rules.includes(rule.arn),
  );
  const found = await Promise.all(
    rules.map(async (rule) => {
      const [tags, types, targets] = await Promise.all([
        world.eventbridge.listTags(rule.arn),
        matchedTypes(world, busName, rule.eventPattern ?? ''),
        world.eventbridge.listTargets(busName, rule.name),
      ]);
      if (types.length === 0) return [];
      // A stage of cachao's sends to functions beside its rule; the tag alone anybody can write.
      const foreign =
        tags?.ManagedBy === 'cachao' ? targets.filter(({ arn }) => !isSamePlace(arn, rule.arn)) : targets;
      return foreign.map((target) => ({
        kind: 'rule target' as const,
        handler: target.arn,
        via: rule.name,
        types,
      }));
    }),
  );
  return found.flat();
}

/** Asked of AWS itself, so that its own pattern language decides. */
async function matchedTypes(world: World, busName: string, pattern: string): Promise<string[]> {
  const { account } = await world.sts.callerIdentity();
  const matches = await Promise.all(
    HANDLED_EVENT_TYPES.map((type) =>
      world.eventbridge.testEventPattern(
        pattern,
        sampleEnvelope({ source: busName, type, account, region: world.settings.region }),
      ),
    ),
  );
  return HANDLED_EVENT_TYPES.filter((_, index) => matches[index]);
}
