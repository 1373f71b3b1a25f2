import { fail, pass } from '../../core/finding.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { PathCheck } from '../types.js';

export const mode: PathCheck = {
  id: 'account.mode',
  title: 'A test key for a test stage, a live key for a live stage',
  area: 'account',
  severity: 'fail',
  needs: ['account.stripe-key'],
  iam: [],
  stripe: ['balance_read'],
  why: 'A live key on a test stage would touch real money; a test key on a live stage would set up a path that no real payment takes.',
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
