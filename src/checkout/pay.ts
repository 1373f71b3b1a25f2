import { CachaoError } from '../core/errors.js';
import type { CheckoutSessionView } from '../stripe/checkout-sessions.js';
import type { Bench } from '../world/bench.js';

/** 200.00 in most currencies: above every minimum that Stripe asks for, also in those with small units. */
export const AMOUNT_MINOR = 20_000;

export interface CheckoutOptions {
  /** Given a page where a person pays; without it the session is paid without a browser. */
  onPaymentPage?: (url: string) => void | Promise<void>;
  /** How long each path may take to deliver. */
  timeoutMs: number;
}

/** Pays the session with a test card, or shows its page to whoever pays. */
export async function pay(
  bench: Bench,
  session: CheckoutSessionView,
  amountMinor: number,
  options: CheckoutOptions,
): Promise<void> {
  if (!options.onPaymentPage) return bench.stripe.checkoutSessions.payWithTestCard(session.id, amountMinor);
  if (!session.url)
    throw new CachaoError({
      code: 'NO_PAYMENT_PAGE',
      message: `Stripe gave the session ${session.id} no payment page.`,
      next: ['Run the checkout without --browser.'],
    });
  await options.onPaymentPage(session.url);
  return undefined;
}
