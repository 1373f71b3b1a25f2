import { pass } from '../../core/finding.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { PathCheck } from '../types.js';

export const stripeKey: PathCheck = {
  id: 'account.stripe-key',
  title: 'The Stripe key works',
  area: 'account',
  severity: 'fail',
  needs: [],
  iam: [],
  stripe: ['connected_account_read', 'balance_read'],
  why: 'Without a working key nothing on Stripe can be read or changed.',
  async inspect(world) {
    const { accounts, maskedKey, shape } = world.stripe;
    const [account, balance] = await Promise.all([accounts.account(), accounts.balance()]);
    const name = account.name ? ` (${account.name})` : '';
    return pass(
      `${account.id}${name}, ${balance.livemode ? 'live' : 'test'} mode, ${shape.kind} key ${maskedKey}`,
      {
        evidence: [{ label: 'account', value: account.id, url: dashboardLinks.apiKeys(shape.mode) }],
      },
    );
  },
};
