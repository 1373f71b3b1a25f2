import { type EnvelopePlace, SOURCE_PREFIX } from '../../handlers/contract/envelope.js';
import type { World } from '../world/world.js';

/** Where EventBridge would have said that this stage's events come from. */
export async function envelopePlace(world: World): Promise<EnvelopePlace> {
  const [{ account }, outputs] = await Promise.all([world.sts.callerIdentity(), world.stackOutputs()]);
  return {
    source: outputs?.eventBusName ?? `${SOURCE_PREFIX}unknown`,
    account,
    region: world.settings.region,
  };
}
