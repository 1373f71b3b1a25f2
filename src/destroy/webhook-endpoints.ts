import { dashboardLinks } from '../stripe/dashboard-links.js';
import { isOurs } from '../world/ownership.js';
import type { Removal } from './removal.js';

const RESOURCE = 'Stripe webhook endpoint';

/** Endpoints that bear this stage's metadata. */
export const webhookEndpoints: Removal = {
  undoes: ['stripe.webhook', 'secret.webhook'],
  async find(world) {
    const { settings } = world;
    const endpoints = await world.stripe.webhookEndpoints.list();
    const ours = endpoints.filter(({ metadata }) => isOurs(metadata, settings));
    return {
      remove: ours.map(({ id, url }) => ({
        check: 'stripe.webhook',
        action: 'delete',
        resource: RESOURCE,
        name: id,
        details: [`url: ${url}`],
        url: dashboardLinks.webhookEndpoint(settings.mode, id),
      })),
      keep: endpoints
        .filter((endpoint) => !ours.includes(endpoint))
        .map(({ id, url }) => ({
          resource: RESOURCE,
          name: id,
          reason: 'foreign',
          why: `it sends to ${url} and is not of this stage`,
        })),
    };
  },
  async remove(bench, changes) {
    for (const { name } of changes) await bench.stripe.webhookEndpoints.remove(name);
  },
};
