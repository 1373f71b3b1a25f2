import { setTimeout as sleep } from 'node:timers/promises';
import { runCheckout } from '../checkout/checkout.js';
import type { CheckoutResult } from '../checkout/types.js';
import type { Progress } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import type { Bench } from '../world/bench.js';

const POLL_MS = 500;

/**
 * Proves with a real event that every endpoint of ours delivers it: a test checkout, whose event Stripe counts as
 * taken by all.
 * @throws CachaoError ROTATION_NOT_PROVEN
 */
export async function proveDelivery(
  bench: Bench,
  timeoutMs: number,
  progress: Progress,
): Promise<CheckoutResult> {
  const result = await runCheckout(bench, { timeoutMs }, progress);
  if (!result.passed) throw unproven(result.summary, result);
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    bench.world.forget('stripe');
    const pending = await bench.world.stripe.events.pendingWebhooks(result.eventId ?? '');
    if (pending === 0) return result;
    if (Date.now() > deadline)
      throw unproven(
        `${pending ?? 'an unknown number of'} endpoints have not taken ${result.eventId}`,
        result,
      );
    await sleep(POLL_MS, undefined, { signal: bench.signal });
  }
}

function unproven(what: string, { eventId }: CheckoutResult): CachaoError {
  return new CachaoError({
    code: 'ROTATION_NOT_PROVEN',
    message: `The new endpoint is not proven by a real delivery: ${what}.`,
    why: 'The old endpoint and its secret stay in force until it is, so no event is refused.',
    next: [
      `See what became of ${eventId ?? 'the event'} at https://dashboard.stripe.com/webhooks, then run the command again: it goes on from here.`,
    ],
  });
}
