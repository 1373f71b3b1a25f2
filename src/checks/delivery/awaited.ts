import { fail, pass, skipped, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { recentComparison } from '../../world/comparison/compare.js';
import type { Comparison } from '../../world/comparison/types.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import {
  counted,
  DELIVERY_IAM,
  DELIVERY_NEEDS,
  DELIVERY_STRIPE,
  DELIVERY_TIMEOUT_MS,
  money,
  NO_LEDGER,
  orderEvidence,
  reconcileCommand,
} from './compared.js';

export const deliveryAwaited: PathCheck = {
  ...requirement('delivery.awaited'),
  otherwise: 'Stripe does not have the payment either, after more than two weeks',
  needs: DELIVERY_NEEDS,
  iam: DELIVERY_IAM,
  stripe: DELIVERY_STRIPE,
  operational: true,
  timeoutMs: DELIVERY_TIMEOUT_MS,
  async inspect(world) {
    if (!world.settings.stack.managed) return skipped(NO_LEDGER);
    return verdictOf(world, await recentComparison(world));
  },
};

function verdictOf(world: World, { orders, currency }: Comparison): Verdict {
  const paid = orders['paid-since'];
  const long = orders['awaiting-long'];
  const waiting = orders.awaiting.count + long.count;
  if (paid.count > 0)
    return fail(
      `${counted(paid.count, 'order')} ${paid.count === 1 ? 'waits' : 'wait'} for ${money(paid.amountMinor, currency)} that Stripe has by now`,
      {
        expected: 'every session that was completed unpaid and is paid now in its order',
        actual: `${paid.count} of ${paid.count + waiting} ${paid.count === 1 ? 'is' : 'are'} not`,
        evidence: orderEvidence([...paid.samples, ...long.samples]),
        remedy: {
          text: 'Deliver these events again, with their sessions as they are now. It is safe to run twice.',
          commands: [reconcileCommand(world, ' --apply')],
          fixable: false,
        },
      },
    );
  if (long.count > 0)
    return warn(
      `${counted(long.count, 'order')} ${long.count === 1 ? 'has' : 'have'} waited for a payment for more than two weeks`,
      {
        expected: 'a payment within two weeks of the checkout',
        actual: `${long.count} of ${waiting} longer`,
        evidence: orderEvidence(long.samples),
        remedy: {
          text: 'Look at each on Stripe: capture what is still held; where nothing will come, set the order to a state of the shop\'s own, such as "cancelled".',
          commands: [],
          fixable: false,
        },
      },
    );
  return pass(
    waiting === 0
      ? 'no payment is awaited'
      : `${counted(waiting, 'payment')} awaited, of ${money(orders.awaiting.amountMinor, currency)}; Stripe does not have ${waiting === 1 ? 'it' : 'them'} yet`,
  );
}
