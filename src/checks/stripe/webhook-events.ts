import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { fail, pass, skipped } from '../../core/finding.js';
import { ourEndpoint } from '../../world/webhook.js';
import type { PathCheck } from '../types.js';
import { missingTypes } from './destination-events.js';

export const webhookEvents: PathCheck = {
  id: 'stripe.webhook-events',
  title: 'The webhook endpoint sends every type that the handlers handle',
  area: 'stripe',
  severity: 'fail',
  item: 12,
  needs: ['stripe.webhook'],
  iam: [],
  stripe: ['webhook_read'],
  fixStripe: ['webhook_write'],
  why: 'A type that is not sent is missing exactly when EventBridge fails and the webhook should stand in.',
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    const endpoint = await ourEndpoint(world);
    const missing = missingTypes(endpoint?.enabledEvents ?? []);
    if (missing.length === 0) return pass(`all ${HANDLED_EVENT_TYPES.length} types are sent`);
    return fail(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not sent`, {
      expected: HANDLED_EVENT_TYPES.join(', '),
      actual: endpoint?.enabledEvents.join(', ') ?? 'none',
      remedy: {
        text: 'Add the missing types; those that a person added stay.',
        commands: ['cachao setup'],
        fixable: true,
      },
    });
  },
  fix: {
    async plan(world) {
      const endpoint = world.settings.webhook ? await ourEndpoint(world) : undefined;
      const missing = missingTypes(endpoint?.enabledEvents ?? []);
      if (!endpoint || missing.length === 0) return [];
      return [
        {
          check: 'stripe.webhook-events',
          action: 'update',
          resource: 'Stripe webhook endpoint',
          name: endpoint.id,
          details: missing.map((type) => `enabled_events: + ${type}`),
        },
      ];
    },
    async apply(bench) {
      const endpoint = await ourEndpoint(bench.world);
      if (!endpoint) return;
      await bench.stripe.webhookEndpoints.update(endpoint.id, {
        enabledEvents: [...endpoint.enabledEvents, ...missingTypes(endpoint.enabledEvents)],
      });
    },
  },
};
