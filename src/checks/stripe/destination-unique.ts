import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { fail, pass, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { EventDestination } from '../../stripe/event-destinations.js';
import { DESTINATION_READS, destinationsHere, ourDestination } from '../../world/destination.js';
import { isOfAnyStage, isOurs } from '../../world/ownership.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import { missingTypes } from './handled-events.js';

export const destinationUnique: PathCheck = {
  ...requirement('stripe.destination-unique'),
  otherwise: 'a destination of this stage sends its events to another account or region',
  needs: ['stripe.destination'],
  ...DESTINATION_READS,
  async inspect(world) {
    const [ours, others, strays] = await Promise.all([
      ourDestination(world),
      otherDestinations(world),
      destinationsElsewhere(world),
    ]);
    if (strays.length > 0) return elsewhere(world, strays);
    if (others.length === 0) return pass(`${ours?.id ?? 'none'} is the only one`);
    return warn(
      `${others.map((one) => `${one.id} (${one.name})`).join(', ')} ${others.length === 1 ? 'sends' : 'send'} the same events to this account and region`,
      {
        expected: 'one destination',
        actual: `${others.length + 1}`,
        evidence: others.map((one) => ({
          label: 'destination',
          value: one.id,
          url: dashboardLinks.destination(world.settings.mode, one.id),
        })),
        remedy: {
          text: 'If nothing needs it, delete it in the Stripe Dashboard, and its event bus in AWS.',
          commands: [],
          ...(others[0] ? { url: dashboardLinks.destination(world.settings.mode, others[0].id) } : {}),
          fixable: false,
        },
      },
    );
  },
};

/** Enabled destinations that bear this stage's metadata and send its events to another account or region. */
async function destinationsElsewhere(world: World): Promise<EventDestination[]> {
  const [listed, here] = await Promise.all([world.stripe.destinations.list(), destinationsHere(world)]);
  const ids = new Set(here.map(({ id }) => id));
  return listed.filter((one) => one.enabled && !ids.has(one.id) && isOurs(one.metadata, world.settings));
}

function elsewhere(world: World, strays: readonly EventDestination[]): Verdict {
  return fail(
    strays
      .map(
        (one) => `${one.id} (${one.name}) sends the events to account ${one.awsAccountId} in ${one.region}`,
      )
      .join('; '),
    {
      expected: `this stage's events only in this account, in ${world.settings.region}`,
      actual: strays.map((one) => `${one.awsAccountId} ${one.region}`).join(', '),
      evidence: strays.map((one) => ({
        label: 'destination',
        value: one.id,
        url: dashboardLinks.destination(world.settings.mode, one.id),
      })),
      remedy: {
        text: 'Whoever owns that account sees every payment. If it is not yours, delete the destination in the Stripe Dashboard; if the stage moved, disable the old one.',
        commands: [],
        ...(strays[0] ? { url: dashboardLinks.destination(world.settings.mode, strays[0].id) } : {}),
        fixable: false,
      },
    },
  );
}

/** Other stages' destinations are meant to see the same events: each belongs to its stage. */
async function otherDestinations(world: World): Promise<EventDestination[]> {
  const [here, chosen] = await Promise.all([destinationsHere(world), ourDestination(world)]);
  return here.filter(
    (one) =>
      one.id !== chosen?.id &&
      one.enabled &&
      (isOurs(one.metadata, world.settings) || !isOfAnyStage(one.metadata)) &&
      missingTypes(HANDLED_EVENT_TYPES, one.enabledEvents).length < HANDLED_EVENT_TYPES.length,
  );
}
