import { ourDestination } from '../destination.js';
import { probe } from '../operations.js';
import { ourEndpoints } from '../webhook.js';
import type { World } from '../world.js';
import type { StageFacts } from './classify.js';

/** What the comparison needs to know of the stage. */
export async function stageFacts(world: World): Promise<StageFacts> {
  const { settings } = world;
  const [{ schema }, destination, endpoints] = await Promise.all([
    probe(world),
    ourDestination(world),
    settings.webhook ? ourEndpoints(world) : [],
  ]);
  const recording = schema?.recordingSince ? Date.parse(schema.recordingSince) : Number.POSITIVE_INFINITY;
  // A path that is not there any more is judged as long as there is a ledger.
  const since = (createdAt: string | undefined) =>
    createdAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(createdAt);
  return {
    stage: settings.stage,
    livemode: settings.mode === 'live',
    currency: settings.currency,
    sharedAccount: settings.sharedStripeAccount,
    orderAmount: settings.orderAmount,
    recordingSince: recording,
    now: Date.now(),
    paths: [
      { via: 'eventbridge', since: since(destination?.createdAt) },
      ...(settings.webhook ? [{ via: 'webhook' as const, since: since(endpoints[0]?.createdAt) }] : []),
    ],
  };
}
