import { fail, pass, skipped, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { recentComparison } from '../../world/comparison/compare.js';
import { inFlightOf } from '../../world/comparison/in-flight.js';
import type { Comparison } from '../../world/comparison/types.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import {
  counted,
  DELIVERY_IAM,
  DELIVERY_NEEDS,
  DELIVERY_STRIPE,
  DELIVERY_TIMEOUT_MS,
  eventEvidence,
  inFlightWords,
  money,
  NO_LEDGER,
  orderEvidence,
  reconcileCommand,
  windowOf,
} from './compared.js';

export const deliveryPaid: PathCheck = {
  ...requirement('delivery.paid'),
  otherwise: 'everything that could be read agrees, and something could not be read',
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

function verdictOf(world: World, comparison: Comparison): Verdict {
  const { events, orders, books, currency } = comparison;
  const pending = orders['pending-though-paid'];
  const unpaid = orders['paid-without-stripe'];
  const wrong = events['order-wrong'];
  const forged = events['not-at-stripe'];
  const parts = [
    pending.count > 0
      ? `${counted(pending.count, 'order')} not paid though Stripe took ${money(pending.amountMinor, currency)}`
      : '',
    unpaid.count > 0 ? `${counted(unpaid.count, 'order')} paid that Stripe knows no payment of` : '',
    forged.count > 0
      ? `${counted(forged.count, 'event')} in the ledger that Stripe does not have${forged.amountMinor > 0 ? `, which paid orders of ${money(forged.amountMinor, currency)}` : ''}`
      : '',
    wrong.count > 0 ? `${counted(wrong.count, 'order')} not as the processed event says` : '',
  ].filter(Boolean);
  if (parts.length > 0)
    return fail(parts.join('; '), {
      expected: "every order as Stripe's payments say",
      actual: `${pending.count + unpaid.count + wrong.count + forged.count} differ`,
      evidence: [
        ...eventEvidence(world, forged.samples),
        ...orderEvidence([...pending.samples, ...unpaid.samples]),
        ...eventEvidence(world, wrong.samples),
      ],
      remedy: {
        text:
          forged.count > 0
            ? 'They were forged. Void these orders and their tickets; no money was received, so there is nothing to refund. Then find who could send: the queues (queue.policy), the signing secret, whoever may invoke the functions.'
            : events.missing.count > 0
              ? 'Deliver the events that are missing; what then remains needs a person.'
              : 'See each of them, with what Stripe says; payments from before recording began are delivered only with --include-before.',
        commands: [reconcileCommand(world, events.missing.count > 0 ? ' --apply' : '')],
        fixable: false,
      },
    });
  const flying = inFlightOf(comparison);
  const healthy = `${counted(books.sessions, 'session')} paid at Stripe in ${windowOf(comparison)}, ${counted(books.orders, 'order')} paid with them${flying ? `; besides ${inFlightWords(flying, currency)}` : ''}`;
  const [unseen] = comparison.unseen;
  return unseen ? warn(`${healthy}. Not read: ${unseen}`) : pass(healthy);
}
