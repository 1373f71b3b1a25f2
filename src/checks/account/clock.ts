import { pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';

/** Both clouds refuse signatures from clocks that are five minutes off; a minute is already wrong. */
const TOLERANCE_MS = 60_000;

export const clock: PathCheck = {
  ...requirement('account.clock'),
  needs: [],
  iam: ['sts:GetCallerIdentity'],
  stripe: ['balance_read'],
  async inspect(world) {
    const clouds = await comparisons(world);
    const [worst] = clouds.sort((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs));
    if (!worst) return pass('neither cloud sent a time to compare with');
    if (Math.abs(worst.aheadMs) <= TOLERANCE_MS)
      return pass(`right, compared with ${clouds.map((cloud) => cloud.name).join(' and ')}`);
    const seconds = Math.round(Math.abs(worst.aheadMs) / 1000);
    return warn(
      `the local clock is ${seconds} s ${worst.aheadMs > 0 ? 'ahead of' : 'behind'} ${worst.name}'s`,
      {
        expected: `within ${TOLERANCE_MS / 1000} s`,
        actual: clouds.map((cloud) => `${cloud.name}: ${Math.round(cloud.aheadMs / 1000)} s`).join(', '),
        remedy: {
          text: 'Let the operating system set its clock from the network.',
          commands: [],
          fixable: false,
        },
      },
    );
  },
};

/** With either cloud; when neither can be asked, that is the finding. */
async function comparisons(world: World): Promise<{ name: string; aheadMs: number }[]> {
  const asked = await Promise.allSettled([
    world.sts.callerIdentity().then(({ clockAheadMs }) => ({ name: 'AWS', aheadMs: clockAheadMs })),
    // Without a key, asking throws at once.
    Promise.resolve().then(async () => ({
      name: 'Stripe',
      aheadMs: (await world.stripe.accounts.balance()).clockAheadMs,
    })),
  ]);
  const answered = asked.filter((one) => one.status === 'fulfilled').map((one) => one.value);
  if (answered.length === 0 && asked[0].status === 'rejected') throw asked[0].reason;
  return answered.filter((one): one is { name: string; aheadMs: number } => one.aheadMs !== null);
}
