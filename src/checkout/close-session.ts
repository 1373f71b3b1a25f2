import type { Progress } from '../core/check.js';
import type { Bench } from '../world/bench.js';

/** Expires a session whose checkout ended unpaid: nobody may pay it any more. One that is over stays as it is. */
export async function closeSession(bench: Bench, sessionId: string, progress: Progress): Promise<void> {
  try {
    bench.world.forget('stripe');
    const session = await bench.world.stripe.checkoutSessions.retrieve(sessionId);
    if (session?.status === 'open') await bench.stripe.checkoutSessions.expire(sessionId);
  } catch {
    // What ended the checkout says more than this.
    progress.note(`session ${sessionId} could not be expired; Stripe does it within a day`);
  }
}
