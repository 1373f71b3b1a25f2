import type Stripe from 'stripe';
import { CachaoError } from '../core/errors.js';
import { isNotFound } from './errors.js';
import type { StripeSession } from './session.js';

export interface CheckoutSessionView {
  id: string;
  url: string | null;
  status: string | null;
  paymentStatus: string;
  amountTotal: number | null;
  currency: string | null;
  paymentIntentId: string | null;
  livemode: boolean;
  metadata: Record<string, string>;
  createdAt: string;
}

export interface NewCheckoutSession {
  amountMinor: number;
  currency: string;
  productName: string;
  clientReferenceId: string;
  metadata: Record<string, string>;
}

/** Nobody is sent there: the test checkout is watched from the terminal. */
const RETURN_URL = 'https://example.com/cachao-test-checkout';

export function checkoutSessionReads(session: StripeSession) {
  return {
    retrieve(id: string): Promise<CheckoutSessionView | undefined> {
      return session.call('GET /v1/checkout/sessions/{id}', async (stripe) => {
        try {
          return read(await stripe.checkout.sessions.retrieve(id));
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      });
    },
    /** The session that a payment intent paid. Permission: `checkout_session_read`. */
    ofPayment(paymentIntentId: string): Promise<CheckoutSessionView | undefined> {
      return session.call('GET /v1/checkout/sessions', async (stripe) => {
        try {
          const { data } = await stripe.checkout.sessions.list({ payment_intent: paymentIntentId, limit: 1 });
          return data[0] && read(data[0]);
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      });
    },
  };
}

/** A session as Stripe shows it now, as the object of an event has it; undefined where it has none of that id. */
export function sessionObjects(session: StripeSession) {
  return (id: string): Promise<Record<string, unknown> | undefined> =>
    session.call('GET /v1/checkout/sessions/{id}', async (stripe) => {
      try {
        const { lastResponse: _, ...object } = await stripe.checkout.sessions.retrieve(id);
        return object as unknown as Record<string, unknown>;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    });
}

export function checkoutSessionWrites(session: StripeSession) {
  return {
    /** A minimal session: inline price, no collection options, so that it can be paid without a browser. */
    create(checkout: NewCheckoutSession, idempotencyKey: string): Promise<CheckoutSessionView> {
      return session.call('POST /v1/checkout/sessions', async (stripe) =>
        read(
          await stripe.checkout.sessions.create(
            {
              mode: 'payment',
              line_items: [
                {
                  quantity: 1,
                  price_data: {
                    currency: checkout.currency,
                    unit_amount: checkout.amountMinor,
                    product_data: { name: checkout.productName },
                  },
                },
              ],
              client_reference_id: checkout.clientReferenceId,
              metadata: checkout.metadata,
              success_url: RETURN_URL,
              cancel_url: RETURN_URL,
            },
            { idempotencyKey },
          ),
        ),
      );
    },
    /**
     * Pays an open session with the test card, as the Stripe CLI's trigger does. Stripe does not document these calls
     * (FACTS-STRIPE §4.1). Test mode only: refuses LIVE_PAYMENT_REFUSED. Throws HEADLESS_PAYMENT_UNAVAILABLE when
     * this Stripe will not take it.
     */
    async payWithTestCard(sessionId: string, amountMinor: number): Promise<void> {
      if (session.shape.mode === 'live') throw livePaymentRefused();
      try {
        await session.call('POST /v1/payment_pages/{id}/confirm', async (stripe) => {
          const paymentMethod = await stripe.paymentMethods.create({
            type: 'card',
            card: { token: 'tok_visa' },
            billing_details: { email: 'checkout@cachao.invalid', name: 'cachao test checkout' },
          });
          await stripe.rawRequest('POST', `/v1/payment_pages/${sessionId}/confirm`, {
            payment_method: paymentMethod.id,
            expected_amount: amountMinor,
          });
        });
      } catch (error) {
        throw cannotPayHeadlessly(error) ?? error;
      }
    },
    expire(id: string): Promise<CheckoutSessionView> {
      return session.call('POST /v1/checkout/sessions/{id}/expire', async (stripe) =>
        read(await stripe.checkout.sessions.expire(id)),
      );
    },
  };
}

function livePaymentRefused(): CachaoError {
  return new CachaoError({
    code: 'LIVE_PAYMENT_REFUSED',
    message: 'A test payment was asked for with a live key; nothing was paid.',
    why: 'It would take real money.',
    next: [
      'Use the test key of the account, or let the checkout expire a session instead, as it does by itself in live mode.',
    ],
  });
}

function cannotPayHeadlessly(error: unknown): CachaoError | undefined {
  if (
    !(error instanceof CachaoError) ||
    (error.code !== 'STRIPE_REFUSED' && error.code !== 'STRIPE_PERMISSION_MISSING')
  )
    return undefined;
  return new CachaoError({
    code: 'HEADLESS_PAYMENT_UNAVAILABLE',
    message: `Stripe did not let the test session be paid without a browser: ${error.message}`,
    why: 'The calls that pay a Checkout Session without a browser are not part of the documented API, and some keys may not use them.',
    next: ['Run the checkout with --browser and pay with the card 4242 4242 4242 4242.'],
    cause: error,
  });
}

function read(session: Stripe.Checkout.Session): CheckoutSessionView {
  const intent = session.payment_intent;
  return {
    id: session.id,
    url: session.url,
    status: session.status,
    paymentStatus: session.payment_status,
    amountTotal: session.amount_total,
    currency: session.currency,
    paymentIntentId: typeof intent === 'string' ? intent : (intent?.id ?? null),
    livemode: session.livemode,
    metadata: session.metadata ?? {},
    createdAt: new Date(session.created * 1000).toISOString(),
  };
}
