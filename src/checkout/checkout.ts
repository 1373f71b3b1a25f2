import { randomUUID } from 'node:crypto';
import { METADATA } from '../../handlers/contract/environment.js';
import type { Progress } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import type { CheckoutSessionView } from '../stripe/checkout-sessions.js';
import type { Bench } from '../world/bench.js';
import { provenUses } from '../world/database-use.js';
import { operate } from '../world/operations.js';
import { createTestOrder, leftTestOrders } from '../world/test-orders.js';
import { closeSession } from './close-session.js';
import { followEvent } from './follow.js';
import { judge } from './judge.js';
import { AMOUNT_MINOR, type CheckoutOptions, pay } from './pay.js';
import type { CheckoutResult } from './types.js';
import { runTheirCheckout } from './unmanaged-checkout.js';

/**
 * Proves the whole path: a marked test order, a Checkout Session that names it, a payment (or, in live mode, an
 * expiry), and then the event, followed to the ledger on every configured path. The test order is removed in every
 * outcome, and a session that nobody paid is expired. Throws what stops it before there is anything to follow.
 */
export async function runCheckout(
  bench: Bench,
  options: CheckoutOptions,
  progress: Progress,
): Promise<CheckoutResult> {
  const { world } = bench;
  if (!world.settings.stack.managed) return runTheirCheckout(bench, options, progress);
  const runId = randomUUID();
  const database = await provenUses(world, progress, bench.signal);
  await removeLeftovers(bench, progress);
  const order = await createTestOrder(world, runId, AMOUNT_MINOR, options.timeoutMs);
  progress.note(`test order ${order.orderId}`);
  let result: CheckoutResult;
  let open: string | null = null;
  try {
    const session = await openSession(bench, runId, order);
    open = session.id;
    await operate(world, 'attach-session', { orderId: order.orderId, sessionId: session.id });
    progress.note(`session ${session.id}`);
    // A person pays when it suits them: then only the event tells when it was.
    const byPerson = options.onPaymentPage !== undefined && world.stripe.shape.mode !== 'live';
    const settledAt = byPerson ? null : new Date();
    const proof = await settle(bench, session, order.amountMinor, options, progress);
    progress.note(
      settledAt
        ? `${proof === 'payment' ? 'paid' : 'expired'}; following the event`
        : 'waiting for the payment',
    );
    const followed = await followEvent(bench, session, order.orderId, proof, settledAt, options.timeoutMs);
    if (followed.event) open = null;
    if (followed.logUnread) progress.note(`the functions' logs were not read: ${followed.logUnread}`);
    result = {
      ...judge(world, followed, proof),
      runId,
      orderId: order.orderId,
      database,
      testOrderRemoved: false,
    };
  } finally {
    if (open) await closeSession(bench, open, progress);
    await operate(world, 'remove-test-order', { orderId: order.orderId }).then(
      ({ removed }) => {
        if (result) result.testOrderRemoved = removed;
      },
      // Its row stays behind, marked; the next checkout takes it away. The proof itself is not changed by that.
      () => progress.note(`the test order ${order.orderId} could not be removed`),
    );
  }
  return result;
}

/**
 * Pays the session, or expires it: in live mode, and where Stripe does not let it be paid without a browser. Either
 * makes an event that takes the whole path.
 */
async function settle(
  bench: Bench,
  session: CheckoutSessionView,
  amountMinor: number,
  options: CheckoutOptions,
  progress: Progress,
): Promise<'payment' | 'expiry'> {
  if (bench.world.stripe.shape.mode !== 'live')
    try {
      await pay(bench, session, amountMinor, options);
      return 'payment';
    } catch (error) {
      if (!(error instanceof CachaoError) || error.code !== 'HEADLESS_PAYMENT_UNAVAILABLE') throw error;
      progress.note(
        'Stripe does not let the session be paid without a browser: it is expired instead (checkout --browser pays)',
      );
    }
  await bench.stripe.checkoutSessions.expire(session.id);
  return 'expiry';
}

/** What runs that were killed left behind. */
async function removeLeftovers({ world }: Bench, progress: Progress): Promise<void> {
  for (const orderId of await leftTestOrders(world)) {
    const { removed } = await operate(world, 'remove-test-order', { orderId });
    if (removed) progress.note(`removed the test order ${orderId} that an earlier run left behind`);
  }
}

function openSession(
  bench: Bench,
  runId: string,
  order: { orderId: string; amountMinor: number; currency: string },
): Promise<CheckoutSessionView> {
  return bench.stripe.checkoutSessions.create(
    {
      amountMinor: order.amountMinor,
      currency: order.currency,
      productName: 'cachao test ticket',
      clientReferenceId: order.orderId,
      metadata: {
        [METADATA.orderId]: order.orderId,
        [METADATA.stage]: bench.world.settings.stage,
        [METADATA.run]: runId,
      },
    },
    `cachao:checkout:${runId}`,
  );
}
