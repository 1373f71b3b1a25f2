import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { ourEndpoint } from '../../world/webhook.js';
import { handledEvents } from './handled-events.js';

export const webhookEvents = handledEvents({
  id: 'stripe.webhook-events',
  title: 'The webhook endpoint sends every handled event type',
  needs: ['stripe.webhook'],
  iam: [...PATH_ACTIONS],
  stripe: ['webhook_read'],
  fixStripe: ['webhook_write'],
  why: 'A type that is not sent is missing exactly when EventBridge fails and the webhook should stand in.',
  resource: 'Stripe webhook endpoint',
  async sender(world) {
    const endpoint = world.settings.webhook ? await ourEndpoint(world) : undefined;
    return (
      endpoint && {
        id: endpoint.id,
        enabledEvents: endpoint.enabledEvents,
        url: dashboardLinks.webhookEndpoint(world.settings.mode, endpoint.id),
      }
    );
  },
  send: (bench, id, enabledEvents) => bench.stripe.webhookEndpoints.update(id, { enabledEvents }),
});
