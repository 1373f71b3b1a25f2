import { pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { WebhookEndpoint } from '../../stripe/webhook-endpoints.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { ourEndpoint, ourEndpoints } from '../../world/webhook.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';

export const webhookStale: PathCheck = {
  ...requirement('stripe.webhook-stale'),
  needs: ['account.stripe-key', 'account.mode', 'account.aws-region'],
  iam: [...PATH_ACTIONS],
  stripe: ['webhook_read'],
  fixStripe: ['webhook_write'],
  async inspect(world) {
    const stale = await staleEndpoints(world);
    if (stale.length === 0) return pass('none does');
    return warn(
      stale
        .map(
          (endpoint) => `${endpoint.id} points to ${endpoint.url}, an API that is gone, or another account's`,
        )
        .join('; '),
      {
        expected: 'only endpoints whose API exists',
        actual: stale.map((endpoint) => endpoint.url).join(', '),
        evidence: stale.map((endpoint) => ({
          label: 'endpoint',
          value: endpoint.id,
          url: dashboardLinks.webhookEndpoint(world.settings.mode, endpoint.id),
        })),
        remedy: {
          text: 'Disable it; delete it in the Dashboard once you are sure.',
          commands: ['cachao doctor --fix'],
          fixable: true,
        },
      },
    );
  },
  async fix(world) {
    return (await staleEndpoints(world)).map((endpoint) => ({
      check: 'stripe.webhook-stale',
      action: 'update',
      resource: 'Stripe webhook endpoint',
      name: endpoint.id,
      details: [`status: enabled -> disabled (this account has no API at ${endpoint.url})`],
      apply: (bench) => bench.stripe.webhookEndpoints.update(endpoint.id, { disabled: true }),
    }));
  },
};

/** The endpoint that the stage uses is another check's business: it is moved, not disabled. */
async function staleEndpoints(world: World): Promise<WebhookEndpoint[]> {
  const [endpoints, used] = await Promise.all([
    ourEndpoints(world),
    world.settings.webhook ? ourEndpoint(world) : undefined,
  ]);
  const others = endpoints.filter((endpoint) => endpoint.enabled && endpoint.id !== used?.id);
  const gone = await Promise.all(others.map((endpoint) => isGone(world, endpoint.url)));
  return others.filter((_, index) => gone[index]);
}

/** What is not an API of this account's region cannot be told from here. */
export async function isGone(world: World, url: string): Promise<boolean> {
  const api = world.apiOfUrl(url);
  if (!api || (api.region !== null && api.region !== world.settings.region)) return false;
  return (await world.apiGateway.restApi(api.apiId)) === undefined;
}
