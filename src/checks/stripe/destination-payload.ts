import { KNOWN_API_VERSIONS } from '../../../handlers/contract/stripe-event.js';
import { fail, pass } from '../../core/finding.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import type { PathCheck } from '../types.js';

export const destinationPayload: PathCheck = {
  id: 'stripe.destination-payload',
  title: 'The event destination sends snapshots in an API version that the handlers know',
  area: 'stripe',
  severity: 'fail',
  item: 12,
  needs: ['stripe.destination'],
  ...DESTINATION_READS,
  why: 'A thin event carries no session, and a session of an unknown version may lack what decides whether the order is paid.',
  async inspect(world) {
    const ours = await ourDestination(world);
    if (!ours) return fail('the destination is gone');
    const known =
      ours.apiVersion === null || (KNOWN_API_VERSIONS as readonly string[]).includes(ours.apiVersion);
    const actual = `${ours.payload}, ${ours.apiVersion ?? "the account's default version"}`;
    if (ours.payload === 'snapshot' && known) return pass(actual);
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
        text: 'Neither can be changed on an existing destination: delete it in the Dashboard and run setup, which creates another with a new source.',
        commands: ['cachao setup'],
        url: dashboardLinks.destination(world.settings.mode, ours.id),
        fixable: false,
      },
    });
  },
};
