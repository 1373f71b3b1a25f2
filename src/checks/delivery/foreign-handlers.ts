import { SOURCE_PREFIX } from '../../../handlers/contract/envelope.js';
import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { isOfAnyStage } from '../../world/ownership.js';
import { paymentPath } from '../../world/payment-path.js';
import { sampleEnvelope } from '../../world/sample-envelope.js';
import { pointingAt, webhookUrl } from '../../world/webhook.js';
import type { World } from '../../world/world.js';

export interface ForeignHandler {
  kind: 'rule target' | 'webhook endpoint';
  /** The ARN or URL that acknowledging it names. */
  handler: string;
  /** The rule, or the endpoint's id. */
  via: string;
  types: string[];
}

/** Everything that already gets handled events and is not cachao's. */
export async function foreignHandlers(world: World): Promise<ForeignHandler[]> {
  const [targets, endpoints] = await Promise.all([foreignTargets(world), foreignEndpoints(world)]);
  return [...targets, ...endpoints].filter(
    ({ handler }) => !world.settings.acknowledgedHandlers.includes(handler),
  );
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
      const tags = await world.eventbridge.listTags(rule.arn);
      if (tags?.ManagedBy === 'cachao') return [];
      const [types, targets] = await Promise.all([
        matchedTypes(world, busName, rule.eventPattern ?? ''),
        world.eventbridge.listTargets(busName, rule.name),
      ]);
      if (types.length === 0) return [];
      return targets.map((target) => ({
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
