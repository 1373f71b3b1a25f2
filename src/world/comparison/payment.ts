import { isPaid } from '../../../handlers/contract/order-transition.js';
import type { CheckoutSession, StripeEvent } from '../../../handlers/contract/stripe-event.js';

/** Whether the event says that its session is paid. */
export function isPayment(event: StripeEvent): boolean {
  return (
    (event.type === 'checkout.session.completed' ||
      event.type === 'checkout.session.async_payment_succeeded') &&
    isPaid(event.data.object as unknown as CheckoutSession)
  );
}
