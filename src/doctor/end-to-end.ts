import { checkoutPermissions } from '../checkout/permissions.js';
import type { CheckoutResult } from '../checkout/types.js';
import type { PathCheck } from '../checks/types.js';
import { type Evidence, fail, pass, skipped, type Verdict } from '../core/finding.js';
import type { World } from '../world/world.js';

export const END_TO_END = 'delivery.end-to-end';
/** Besides the longest that each path may take: the session, the payment, and the test order's removal. */
const MARGIN_MS = 60_000;

/** Runs a test checkout; what stops it before there is anything to follow is thrown. */
export type RunCheckout = () => Promise<CheckoutResult>;

/**
 * The one check that does something: it pays a test order (in live mode it lets a marked session expire) and follows
 * it. So it is looked at only when asked for, and after all others.
 */
export function endToEnd(run: RunCheckout, checkoutTimeoutMs: number): PathCheck {
  return {
    id: END_TO_END,
    title: 'A test checkout, just now, marked its order paid, once, on every configured path',
    area: 'delivery',
    severity: 'fail',
    needs: ['account.mode', 'stack.healthy', 'database.reachable'],
    iam: checkoutPermissions.iam,
    stripe: checkoutPermissions.stripe,
    timeoutMs: checkoutTimeoutMs + MARGIN_MS,
    why: 'Every part can be right by itself and the whole still lose payments: only an event that arrived proves the path.',
    inspect: async (world) => {
      if (!world.settings.stack.managed)
        return skipped(
          'the stack is not ours, so that there is no function to make a test order with; cachao setup proves it by metrics and logs',
        );
      return verdictOf(await run(), world);
    },
  };
}

function verdictOf(result: CheckoutResult, world: World): Verdict {
  const evidence: Evidence[] = [
    ...result.paths.map((path) => ({
      label: path.via,
      value: path.delivered
        ? `delivered ${path.arrivedAt ?? ''}${path.outcome ? `, ${path.outcome}` : ''}`
        : 'delivered nothing',
    })),
    { label: 'order', value: `${result.orderId}: ${result.orderStatus ?? 'missing'}` },
    ...(result.eventId ? [{ label: 'event', value: result.eventId }] : []),
  ];
  if (result.passed) return pass(result.summary, { evidence });
  const paths = result.paths.map((path) => path.via).join(' and ');
  return fail(result.summary, {
    expected: `delivered by ${paths}, and the order changed once`,
    actual: result.paths.map((path) => `${path.via}: ${path.delivered ? 'delivered' : 'nothing'}`).join(', '),
    evidence,
    remedy: {
      text: result.eventId
        ? 'See where the event stopped; the other failures here usually say why.'
        : `Look at the session in Stripe: it is ${world.settings.mode === 'live' ? 'not expired' : 'not paid'}.`,
      commands: result.eventId ? [`cachao trace ${result.eventId}`] : [],
      fixable: false,
    },
  });
}
