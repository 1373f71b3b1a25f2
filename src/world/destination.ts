import { SOURCE_PREFIX } from '../../handlers/contract/envelope.js';
import type { EventDestination } from '../stripe/event-destinations.js';
import { isOfAnyStage, isOurs } from './ownership.js';
import type { World } from './world.js';

/** What finding the stage's destination takes: every check that asks for it declares these. */
export const DESTINATION_READS = {
  iam: ['sts:GetCallerIdentity', 'events:ListEventSources'],
  stripe: ['event_destination_read'],
} as const;

/** Every EventBridge destination of the key's mode that delivers into this AWS account and region. */
export async function destinationsHere(world: World): Promise<EventDestination[]> {
  const [identity, listed, sources] = await Promise.all([
    world.sts.callerIdentity(),
    world.stripe.destinations.list(),
    world.eventbridge.listEventSources(SOURCE_PREFIX),
  ]);
  // The list lags behind a create; a source that is here already names a destination that can be retrieved.
  const known = new Set(listed.map((destination) => destination.id));
  const unlisted = [
    ...world.madeDestinations,
    ...sources.map((source) => source.name.slice(SOURCE_PREFIX.length)),
  ].filter((id) => !known.has(id) && id.startsWith('ed_test_') === (world.settings.mode === 'test'));
  const retrieved = await Promise.all(
    [...new Set(unlisted)].map((id) => world.stripe.destinations.retrieve(id)),
  );
  return [...listed, ...retrieved.filter((destination) => destination !== undefined)].filter(
    (destination) =>
      destination.awsAccountId === identity.account && destination.region === world.settings.region,
  );
}

/**
 * This stage's destination: the one that bears our metadata, the enabled and newest first. Beside a stack of somebody
 * else's it may be theirs as well, when it is the only one: a second would deliver everything twice.
 */
export async function ourDestination(world: World): Promise<EventDestination | undefined> {
  const here = await destinationsHere(world);
  const ours = here.filter((destination) => isOurs(destination.metadata, world.settings));
  if (ours.length === 0 && !world.settings.stack.managed) return onlyOne(here);
  return ours.sort(
    (a, b) => Number(b.enabled) - Number(a.enabled) || b.createdAt.localeCompare(a.createdAt),
  )[0];
}

/** Of a person's destinations the one that there is; with several it takes a choice. */
function onlyOne(here: readonly EventDestination[]): EventDestination | undefined {
  const theirs = here.filter((destination) => !isOfAnyStage(destination.metadata));
  return theirs.length === 1 ? theirs[0] : undefined;
}

/** Enabled destinations here that no stage of cachao's owns: a person made them, and could let us have one. */
export async function adoptableDestinations(world: World): Promise<EventDestination[]> {
  return (await destinationsHere(world)).filter(
    (destination) =>
      destination.enabled && destination.payload === 'snapshot' && !isOfAnyStage(destination.metadata),
  );
}
