import { fail, pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import type { PathCheck } from '../types.js';

/** `events_from` in Stripe's words of today and of before API version 2026-03-25 (FACTS-STRIPE §2). */
const OWN_ACCOUNT = ['@self', 'self'];
const CONNECTED_ACCOUNTS = ['@accounts', 'other_accounts'];

export const destinationAccounts: PathCheck = {
  ...requirement('stripe.destination-accounts'),
  otherwise: 'it is only about connected accounts',
  needs: ['stripe.destination'],
  ...DESTINATION_READS,
  async inspect(world) {
    const ours = await ourDestination(world);
    if (!ours) return fail('the destination is gone');
    const { connectedAccounts, mode } = world.settings;
    const actual = ours.eventsFrom.join(', ');
    const url = dashboardLinks.destination(mode, ours.id);
    const detail = {
      expected: connectedAccounts ? '@self, @accounts' : '@self',
      actual,
      evidence: [{ label: 'destination', value: ours.id, url }],
    };
    const text =
      'This cannot be changed on an existing destination: delete it in the Dashboard and let setup make another' +
      (connectedAccounts ? ', then add one for connected accounts beside it.' : '.');
    const remedy = { text, commands: ['cachao setup'], url, fixable: false };
    if (!listensTo(ours.eventsFrom, OWN_ACCOUNT))
      return fail(`${ours.id} sends no events of the account itself`, { ...detail, remedy });
    const listensToConnected = listensTo(ours.eventsFrom, CONNECTED_ACCOUNTS);
    if (listensToConnected && !connectedAccounts)
      return warn(`${ours.id} also sends events of connected accounts, which the handlers refuse`, {
        ...detail,
        remedy: {
          ...remedy,
          text: `If their payments pay orders of this stage, set connectedAccounts. Otherwise: ${text}`,
        },
      });
    if (connectedAccounts && !listensToConnected)
      return warn(`${ours.id} sends no events of connected accounts, whose payments this stage takes`, {
        ...detail,
        remedy,
      });
    return pass(actual, { evidence: detail.evidence });
  },
};

function listensTo(eventsFrom: readonly string[], accounts: readonly string[]): boolean {
  return eventsFrom.some((from) => accounts.includes(from));
}
