import { fail, pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import type { PathCheck } from '../types.js';
import { createDestination } from './destination.js';

/** Stripe cannot revive a destination whose source expired: it is replaced, and source, bus and rule with it. */
const SOURCE_GONE = 'no_aws_event_source_exists';

export const destinationEnabled: PathCheck = {
  ...requirement('stripe.destination-enabled'),
  needs: ['stripe.destination'],
  ...DESTINATION_READS,
  fixStripe: ['event_destination_write'],
  async inspect(world) {
    const ours = await ourDestination(world);
    if (!ours) return fail('the destination is gone');
    if (ours.enabled) return pass(`${ours.id} is enabled`);
    const gone = ours.disabledReason === SOURCE_GONE;
    return fail(
      gone
        ? `Stripe disabled ${ours.id}: its AWS event source is gone`
        : `${ours.id} is disabled (${ours.disabledReason ?? 'no reason given'})`,
      {
        expected: 'enabled',
        actual: `disabled: ${ours.disabledReason ?? 'no reason given'}`,
        evidence: [
          {
            label: 'destination',
            value: ours.id,
            url: dashboardLinks.destination(world.settings.mode, ours.id),
          },
        ],
        remedy: {
          text: gone
            ? 'It cannot be revived; a new destination, source, bus and rule take its place.'
            : 'Enable it.',
          commands: ['cachao setup'],
          fixable: true,
        },
      },
    );
  },
  async fix(world) {
    const ours = await ourDestination(world);
    if (!ours || ours.enabled) return [];
    const change = {
      check: 'stripe.destination-enabled',
      resource: 'Stripe event destination',
      name: ours.id,
    };
    return [
      ours.disabledReason === SOURCE_GONE
        ? {
            ...change,
            action: 'replace',
            details: ['its source is gone: a new destination with a new source takes its place'],
            async apply(bench) {
              await createDestination(bench);
              await bench.stripe.destinations.remove(ours.id);
            },
          }
        : {
            ...change,
            action: 'update',
            details: ['status: disabled -> enabled'],
            apply: (bench) => bench.stripe.destinations.enable(ours.id),
          },
    ];
  },
};
