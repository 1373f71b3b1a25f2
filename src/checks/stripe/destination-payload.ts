import { KNOWN_API_VERSIONS } from '../../../handlers/contract/stripe-event.js';
import { fail, pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { EventDestination } from '../../stripe/event-destinations.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import type { PathCheck } from '../types.js';
import { createDestination, destinationName } from './destination.js';

export const destinationPayload: PathCheck = {
  ...requirement('stripe.destination-payload'),
  needs: ['stripe.destination'],
  ...DESTINATION_READS,
  fixStripe: ['event_destination_write'],
  async inspect(world) {
    const ours = await ourDestination(world);
    if (!ours) return fail('the destination is gone');
    const actual = payloadOf(ours);
    if (isKnown(ours)) return pass(actual);
    return fail(`${ours.id} sends ${actual}`, {
      expected: `snapshot, one of ${KNOWN_API_VERSIONS.join(', ')}`,
      actual,
      evidence: [
        {
          label: 'destination',
          value: ours.id,
          url: dashboardLinks.destination(world.settings.mode, ours.id),
        },
      ],
      remedy: {
        text: 'Neither can be changed on an existing destination: another takes its place, with a new source, bus and rule. That deletes this one, so it is asked for first.',
        commands: ['cachao setup'],
        url: dashboardLinks.destination(world.settings.mode, ours.id),
        fixable: true,
      },
    });
  },
  async fix(world) {
    const ours = await ourDestination(world);
    if (!ours || isKnown(ours)) return [];
    const change = { check: 'stripe.destination-payload', resource: 'Stripe event destination' };
    return [
      {
        ...change,
        action: 'create',
        name: destinationName(world),
        details: [
          `payload: snapshot, ${KNOWN_API_VERSIONS[0]}`,
          'its source is new: bus and rule follow; until then events come by the webhook alone',
        ],
        apply: createDestination,
      },
      {
        ...change,
        action: 'delete',
        name: ours.id,
        details: [`payload: ${payloadOf(ours)}`],
        url: dashboardLinks.destination(world.settings.mode, ours.id),
        apply: (bench) => bench.stripe.destinations.remove(ours.id),
      },
    ];
  },
};

function isKnown({ payload, apiVersion }: EventDestination): boolean {
  return (
    payload === 'snapshot' &&
    (apiVersion === null || (KNOWN_API_VERSIONS as readonly string[]).includes(apiVersion))
  );
}

function payloadOf({ payload, apiVersion }: EventDestination): string {
  return `${payload}, ${apiVersion ?? "the account's default version"}`;
}
