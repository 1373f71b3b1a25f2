import { pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { PathCheck } from '../types.js';

export const stripeKey: PathCheck = {
  ...requirement('account.stripe-key'),
  needs: [],
  iam: [],
  stripe: ['connected_account_read', 'balance_read'],
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
