import { randomUUID } from 'node:crypto';
import { SOURCE_PREFIX, type StripeEnvelope } from '../../handlers/contract/envelope.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import type { World } from '../world/world.js';

/** Makes envelopes as EventBridge would have written them, marked as what they are. */
export async function envelopeMaker(world: World): Promise<(event: StripeEvent) => StripeEnvelope> {
  const [{ account }, outputs] = await Promise.all([world.sts.callerIdentity(), world.stackOutputs()]);
  const { region } = world.settings;
  const source = outputs?.eventBusName ?? `${SOURCE_PREFIX}unknown`;
  return (event) => ({
    version: '0',
    id: randomUUID(),
    'detail-type': event.type,
    source,
    account,
    time: `${new Date(event.created * 1000).toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:events:${region}::event-source/${source}`],
    detail: event,
    cachao: { via: 'reconcile' },
  });
}
