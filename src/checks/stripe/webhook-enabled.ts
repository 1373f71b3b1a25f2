import { fail, pass, skipped } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { ourEndpoint } from '../../world/webhook.js';
import type { PathCheck } from '../types.js';

export const webhookEnabled: PathCheck = {
  ...requirement('stripe.webhook-enabled'),
  needs: ['stripe.webhook'],
  iam: [...PATH_ACTIONS],
  stripe: ['webhook_read'],
  fixStripe: ['webhook_write'],
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    const endpoint = await ourEndpoint(world);
    if (endpoint?.enabled) return pass(`${endpoint.id} is enabled`);
    return fail(`${endpoint?.id ?? 'the endpoint'} is disabled`, {
      expected: 'enabled',
      actual: 'disabled',
      ...(endpoint
        ? {
            evidence: [
              {
                label: 'endpoint',
                value: endpoint.id,
                url: dashboardLinks.webhookEndpoint(world.settings.mode, endpoint.id),
              },
            ],
          }
        : {}),
      remedy: {
        text: 'Enable it, once the cause of the failures is fixed.',
        commands: ['cachao setup'],
        fixable: true,
      },
    });
  },
  async fix(world) {
    const endpoint = world.settings.webhook ? await ourEndpoint(world) : undefined;
    if (!endpoint || endpoint.enabled) return [];
    return [
      {
        check: 'stripe.webhook-enabled',
        action: 'update',
        resource: 'Stripe webhook endpoint',
        name: endpoint.id,
        details: ['status: disabled -> enabled'],
        apply: (bench) => bench.stripe.webhookEndpoints.update(endpoint.id, { disabled: false }),
      },
    ];
  },
};
