import { dashboardLinks } from '../stripe/dashboard-links.js';
import type { EventDestination } from '../stripe/event-destinations.js';
import { destinationsHere } from '../world/destination.js';
import { ADOPTED, isOurs, stripeMetadata } from '../world/ownership.js';
import type { World } from '../world/world.js';
import { busesOfStage } from './buses-of-stage.js';
import type { Kept, Removal } from './removal.js';

const RESOURCE = 'Stripe event destination';

/** Destinations with this stage's metadata; one that a person made and we adopted is only given back. */
export const destinations: Removal = {
  undoes: ['stripe.destination'],
  async find(world) {
    const { settings } = world;
    const [here, stageBuses] = await Promise.all([destinationsHere(world), busesOfStage(world)]);
    const usedBy = ({ sourceName }: EventDestination) =>
      stageBuses.find(({ bus }) => bus.name === sourceName)?.foreign ?? [];
    const ours = here.filter(({ metadata }) => isOurs(metadata, settings));
    const removable = ours.filter((one) => usedBy(one).length === 0);
    return {
      remove: removable.map(({ id, name, metadata }) => ({
        check: 'stripe.destination',
        action: isAdopted(metadata) ? 'update' : 'delete',
        resource: RESOURCE,
        name: id,
        details: isAdopted(metadata)
          ? ['it was adopted: only the metadata of this stage is removed']
          : [name],
        url: dashboardLinks.destination(settings.mode, id),
      })),
      keep: here.filter((one) => !removable.includes(one)).map((one) => kept(one, usedBy(one), world)),
    };
  },
  async remove(bench, changes) {
    for (const { name, action } of changes)
      if (action === 'delete') await bench.stripe.destinations.remove(name);
      else await bench.stripe.destinations.update(name, { metadata: noMetadata(bench.world) });
  },
};

function kept({ id, metadata, name }: EventDestination, users: readonly string[], { settings }: World): Kept {
  return isOurs(metadata, settings)
    ? { resource: RESOURCE, name: id, reason: 'shared', why: `its events also reach: ${users.join(', ')}` }
    : { resource: RESOURCE, name: id, reason: 'foreign', why: `"${name}" is not of this stage` };
}

function isAdopted(metadata: Record<string, string>): boolean {
  return metadata[ADOPTED] !== undefined;
}

function noMetadata({ settings }: World): Record<string, null> {
  return Object.fromEntries([...Object.keys(stripeMetadata(settings)), ADOPTED].map((key) => [key, null]));
}
