import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import { handledEvents } from './handled-events.js';

export const destinationEvents = handledEvents({
  ...requirement('stripe.destination-events'),
  needs: ['stripe.destination-enabled'],
  ...DESTINATION_READS,
  fixStripe: ['event_destination_write'],
  resource: 'Stripe event destination',
  async sender(world) {
    const ours = await ourDestination(world);
    return ours && { ...ours, url: dashboardLinks.destination(world.settings.mode, ours.id) };
  },
  send: (bench, id, enabledEvents) => bench.stripe.destinations.update(id, { enabledEvents }),
});
