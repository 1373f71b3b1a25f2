import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { fail, pass } from '../../core/finding.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { ourDestination } from '../../world/destination.js';
import type { PathCheck } from '../types.js';

export const destinationEvents: PathCheck = {
  id: 'stripe.destination-events',
  title: 'The event destination sends every type that the handlers handle',
  area: 'stripe',
  severity: 'fail',
  item: 12,
  needs: ['stripe.destination-enabled'],
  iam: [],
  stripe: ['event_destinations_read'],
  fixStripe: ['event_destinations_write'],
  why: 'A type that is not sent never reaches the handler: delayed payments would stay pending for ever.',
  async inspect(world) {
    const ours = await ourDestination(world);
    const missing = missingTypes(ours?.enabledEvents ?? []);
    if (ours && missing.length === 0) return pass(`all ${HANDLED_EVENT_TYPES.length} types are sent`);
    return fail(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not sent`, {
      expected: HANDLED_EVENT_TYPES.join(', '),
      actual: ours?.enabledEvents.join(', ') ?? 'none',
      ...(ours
        ? {
            evidence: [
              {
                label: 'destination',
                value: ours.id,
                url: dashboardLinks.destination(world.settings.mode, ours.id),
              },
            ],
          }
        : {}),
      remedy: {
        text: 'Add the missing types; those that a person added stay.',
        commands: ['cachao setup'],
        fixable: true,
      },
    });
  },
  fix: {
    async plan(world) {
      const ours = await ourDestination(world);
      const missing = missingTypes(ours?.enabledEvents ?? []);
      if (!ours || missing.length === 0) return [];
      return [
        {
          check: 'stripe.destination-events',
          action: 'update',
          resource: 'Stripe event destination',
          name: ours.id,
          details: missing.map((type) => `enabled_events: + ${type}`),
        },
      ];
    },
    async apply(bench) {
      const ours = await ourDestination(bench.world);
      if (!ours) return;
      await bench.stripe.destinations.update(ours.id, {
        enabledEvents: [...ours.enabledEvents, ...missingTypes(ours.enabledEvents)],
      });
    },
  },
};

export function missingTypes(enabled: readonly string[]): string[] {
  return enabled.includes('*') ? [] : HANDLED_EVENT_TYPES.filter((type) => !enabled.includes(type));
}
