import { setTimeout as sleep } from 'node:timers/promises';
import { runCheckout } from '../checkout/checkout.js';
import type { CheckoutResult } from '../checkout/types.js';
import type { Progress } from '../core/check.js';
import { CachaoError, undefinedIfUnavailable } from '../core/errors.js';
import type { Bench } from '../world/bench.js';
import { readRefusals } from '../world/handler-logs.js';

const POLL_MS = 500;

export interface ProofOptions {
  timeoutMs: number;
  /** Whether the old endpoint has to deliver too: not where its secret is lost, or its retries were given up. */
  byOld: 'yes' | 'unless-refused' | 'no';
}

/**
 * Proves with a real event that every endpoint of ours delivers it: a test checkout, whose event Stripe counts as
 * taken by all. An old endpoint whose delivery the function refuses has lost its secret, and is not waited for.
 * @throws CachaoError ROTATION_NOT_PROVEN
 */
export async function proveDelivery(
  bench: Bench,
  { timeoutMs, byOld }: ProofOptions,
  progress: Progress,
): Promise<CheckoutResult> {
  const result = await runCheckout(bench, { timeoutMs }, progress);
  if (!result.passed) throw unproven(result.summary, result);
  const deadline = Date.now() + timeoutMs;
  for (let told = false; byOld !== 'no'; told = true) {
    bench.world.forget('stripe', 'logs');
    const pending = await bench.world.stripe.events.pendingWebhooks(result.eventId ?? '');
    if (pending === 0) break;
    if (byOld === 'unless-refused' && (await wasRefused(bench, result.eventId ?? ''))) {
      progress.note('the function refused the old endpoint: its secret is lost, so it is not waited for');
      break;
    }
    if (Date.now() > deadline)
      throw unproven(
        `${pending ?? 'an unknown number of'} of Stripe's webhook endpoints have not taken ${result.eventId}`,
        result,
      );
    if (!told) progress.note(`${pending} endpoints have not taken ${result.eventId} yet`);
    await sleep(POLL_MS, undefined, { signal: bench.signal });
  }
  return result;
}

/** The new secret is accepted by now, and the event was taken: what was refused came from the old endpoint. */
async function wasRefused({ world }: Bench, eventId: string): Promise<boolean> {
  const refusals = await undefinedIfUnavailable(
    readRefusals(world, { eventId, since: new Date(Date.now() - 600_000) }),
  );
  return (refusals ?? []).length > 0;
}

function unproven(what: string, { eventId }: CheckoutResult): CachaoError {
  return new CachaoError({
    code: 'ROTATION_NOT_PROVEN',
    message: `The new endpoint is not proven by a real delivery: ${what}.`,
    why: 'The old endpoint and its secret stay in force until it is, so no event is refused.',
    next: [
      ...(eventId ? [`See where it stopped: cachao trace ${eventId}`] : []),
      'Find what is wrong with the webhook: cachao doctor --only api,secret,stripe',
      'Then run the command again: it goes on from here. When the old secret is lost, or another endpoint of the account is what does not take it: cachao rotate-secret --abandon-retries',
    ],
  });
}
