import { pass, warn } from '../../core/finding.js';
import type { PathCheck } from '../types.js';

/** Both clouds refuse signatures from clocks that are five minutes off; a minute is already wrong. */
const TOLERANCE_SECONDS = 60;

export const clock: PathCheck = {
  id: 'account.clock',
  title: 'The local clock agrees with Stripe within a minute',
  area: 'account',
  severity: 'warn',
  needs: ['account.stripe-key'],
  iam: [],
  stripe: ['balance_read'],
  why: 'Requests and webhook probes are signed with the local time; a clock that is wrong makes good signatures fail.',
  async inspect(world) {
    const { serverTime } = await world.stripe.accounts.balance();
    if (!serverTime) return pass('Stripe sent no time to compare with');
    const seconds = Math.round((Date.now() - Date.parse(serverTime)) / 1000);
    if (Math.abs(seconds) <= TOLERANCE_SECONDS) return pass('the local clock is right');
    const direction = seconds > 0 ? 'ahead of' : 'behind';
    return warn(`the local clock is ${Math.abs(seconds)} s ${direction} Stripe's`, {
      expected: `within ${TOLERANCE_SECONDS} s`,
      actual: `${seconds} s`,
      remedy: {
        text: 'Let the operating system set its clock from the network.',
        commands: [],
        fixable: false,
      },
    });
  },
};
