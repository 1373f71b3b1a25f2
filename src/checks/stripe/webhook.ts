import { KNOWN_API_VERSIONS } from '../../../handlers/contract/stripe-event.js';
import { KNOWN_AFTER_APPLY } from '../../core/check.js';
import { fail, pass, skipped, type Verdict } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { NewWebhookEndpoint } from '../../stripe/webhook-endpoints.js';
import { deliveryWays } from '../../world/delivery-ways.js';
import { DESTINATION_READS } from '../../world/destination.js';
import { stripeMetadata } from '../../world/ownership.js';
import { PATH_ACTIONS, paymentPath } from '../../world/payment-path.js';
import { TAKEN_TYPES_ACTIONS, takenTypes } from '../../world/taken-types.js';
import { ourEndpoint, pointsAt, webhookUrl } from '../../world/webhook.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { MINT_ACTIONS, mintEndpoint } from '../secret/mint-endpoint.js';
import type { PathCheck } from '../types.js';

export const webhook: PathCheck = {
  ...requirement('stripe.webhook'),
  needs: ['account.stripe-key', 'account.mode', 'account.aws-region'],
  fixNeeds: ['delivery.single-handler'],
  iam: [...PATH_ACTIONS],
  stripe: ['webhook_read', ...DESTINATION_READS.stripe],
  fixIam: [...MINT_ACTIONS, ...TAKEN_TYPES_ACTIONS],
  fixStripe: ['webhook_write'],
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    const { webhook: isWanted, why } = await deliveryWays(world);
    if (!isWanted) return skipped(why ?? '');
    const [url, endpoint] = await Promise.all([webhookUrl(world), ourEndpoint(world)]);
    if (!url) return world.settings.stack.managed ? NOT_DEPLOYED : noWebhook(world);
    if (endpoint && (await pointsAt(world, endpoint, url)))
      return pass(`${endpoint.id} -> ${endpoint.url}`, {
        evidence: [
          {
            label: 'endpoint',
            value: endpoint.id,
            url: dashboardLinks.webhookEndpoint(world.settings.mode, endpoint.id),
          },
        ],
      });
    return fail(
      endpoint ? `${endpoint.id} points at ${endpoint.url}` : 'no webhook endpoint of this stage exists',
      {
        expected: url,
        actual: endpoint?.url ?? 'none',
        remedy: {
          text: 'Let setup create it and store its signing secret.',
          commands: ['cachao setup'],
          fixable: true,
        },
      },
    );
  },
  async fix(world) {
    const { webhook: isWanted, why } = await deliveryWays(world);
    if (!isWanted) return [];
    const [url, endpoint] = await Promise.all([webhookUrl(world), ourEndpoint(world)]);
    if (!url && !world.settings.stack.managed) return [];
    const change = { check: 'stripe.webhook', resource: 'Stripe webhook endpoint' };
    if (endpoint && url)
      return [
        {
          ...change,
          action: 'update',
          name: endpoint.id,
          details: [`url: ${endpoint.url} -> ${url}`],
          apply: (bench) => bench.stripe.webhookEndpoints.update(endpoint.id, { url }),
        },
      ];
    return [
      {
        ...change,
        action: 'create',
        name: url ?? KNOWN_AFTER_APPLY,
        details: [
          `events: ${(await takenTypes(world)).join(', ')}`,
          'its signing secret goes to SSM before anything else',
          ...(why ? [why] : []),
        ],
        async apply(bench, progress) {
          if (url) await mintEndpoint(bench, await newEndpoint(world, url), progress);
        },
      },
    ];
  },
};

/** A stack of somebody else's may well have none, or several that could be it. */
async function noWebhook(world: World): Promise<Verdict> {
  const path = await paymentPath(world);
  const unclear = path?.unclear.find(({ about }) => about === 'webhook')?.text;
  return skipped(unclear ?? `the stack ${world.settings.stack.name} has no path for Stripe's webhook`);
}

export async function newEndpoint(world: World, url: string): Promise<NewWebhookEndpoint> {
  return {
    url,
    enabledEvents: await takenTypes(world),
    apiVersion: KNOWN_API_VERSIONS[0],
    description: `cachao, stage ${world.settings.stage}: fallback beside EventBridge`,
    metadata: stripeMetadata(world.settings),
  };
}
