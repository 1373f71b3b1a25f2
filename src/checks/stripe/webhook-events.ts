import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { ourEndpoint } from '../../world/webhook.js';
import { handledEvents } from './handled-events.js';

export const webhookEvents = handledEvents({
  ...requirement('stripe.webhook-events'),
  needs: ['stripe.webhook'],
  iam: [...PATH_ACTIONS],
  stripe: ['webhook_read'],
  fixStripe: ['webhook_write'],
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
