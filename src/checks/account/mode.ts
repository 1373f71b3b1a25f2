import { fail, pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { PathCheck } from '../types.js';

export const mode: PathCheck = {
  ...requirement('account.mode'),
  needs: ['account.stripe-key'],
  iam: [],
  stripe: ['balance_read'],
  async inspect(world) {
    const { stage, mode: wanted } = world.settings;
    const actual = (await world.stripe.accounts.balance()).livemode ? 'live' : 'test';
    if (actual === wanted) return pass(`stage ${stage} and the key are both in ${actual} mode`);
    return fail(
      `stage ${stage} is a ${wanted} stage, but the key ${world.stripe.maskedKey} is in ${actual} mode`,
      {
        expected: `a ${wanted} key`,
        actual: `a ${actual} key`,
        remedy: {
          text: `Set STRIPE_API_KEY to the account's ${wanted} key, or say that the stage is a ${actual} stage with --mode ${actual}.`,
          commands: [],
          url: dashboardLinks.apiKeys(wanted),
          fixable: false,
        },
      },
    );
  },
};
