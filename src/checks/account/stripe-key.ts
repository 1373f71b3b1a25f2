import { AccessDeniedError } from '../../core/errors.js';
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
    const [account, balance] = await Promise.all([
      // Stripe may not let a restricted key read its account at all; the balance proves key and mode.
      accounts.account().catch((error: unknown) => {
        if (error instanceof AccessDeniedError && shape.kind === 'restricted') return undefined;
        throw error;
      }),
      accounts.balance(),
    ]);
    const name = account?.name ? ` (${account.name})` : '';
    return pass(
      `${account?.id ?? 'an account whose id this key may not read'}${name}, ${balance.livemode ? 'live' : 'test'} mode, ${shape.kind} key ${maskedKey}`,
      {
        evidence: [
          { label: 'account', value: account?.id ?? 'unknown', url: dashboardLinks.apiKeys(shape.mode) },
        ],
      },
    );
  },
};
