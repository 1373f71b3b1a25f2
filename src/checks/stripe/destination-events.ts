import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import { handledEvents } from './handled-events.js';

export const destinationEvents = handledEvents({
  id: 'stripe.destination-events',
  title: 'The event destination sends every handled event type',
  needs: ['stripe.destination-enabled'],
  ...DESTINATION_READS,
  fixStripe: ['event_destination_write'],
  why: 'A type that is not sent never reaches the handler: delayed payments would stay pending for ever.',
  resource: 'Stripe event destination',
  async sender(world) {
    const ours = await ourDestination(world);
    return ours && { ...ours, url: dashboardLinks.destination(world.settings.mode, ours.id) };
  },
  send: (bench, id, enabledEvents) => bench.stripe.destinations.update(id, { enabledEvents }),
});
