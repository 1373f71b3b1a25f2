import { type Cause, emit } from '../../delivery/emit.js';
import { invalidRequest } from '../../http/errors.js';
import { payIntent } from '../../payments/attempt.js';
import { createIntent } from '../../payments/intents.js';
import type { Side } from '../../side.js';
import type {
  CheckoutSession,
  PaymentIntentRecord,
  PaymentMethodRecord,
  SessionRecord,
} from '../../tables.js';
import { EXPIRE } from './expire.js';

/**
 * The customer pays (payment page, or the Stripe CLI in their place): the intent is paid and the session completes.
 * Throws the 402 of a declined payment; the session then stays open for another try.
 */
export function completeSession(
  side: Side,
  cause: Cause,
  id: string,
  payment: PaymentMethodRecord,
): CheckoutSession {
  const record = openSession(side, id);
  const { session } = record;
  const { type } = payment.method;
  if (!session.payment_method_types.includes(type))
    throw invalidRequest(
      `The payment method type ${type} is not one of this session's: ${session.payment_method_types.join(', ')}.`,
      'payment_method',
    );
  if (session.amount_total === 0) return complete(side, cause, record, payment, 'no_payment_required');
  const intent = intentOf(side, cause, record);
  const held = side.tables.sessions.set(id, {
    ...record,
    session: { ...session, payment_intent: intent.intent.id },
  });
  const paid = payIntent(side, cause, intent, payment);
  return complete(side, cause, held, payment, paid.intent.status === 'succeeded' ? 'paid' : 'unpaid');
}

function openSession(side: Side, id: string): SessionRecord {
  const record = side.tables.sessions.get(id) as SessionRecord;
  const { status, expires_at: expires } = record.session;
  if (status === 'expired' || expires * 1000 <= side.cloud.clock.now())
    throw invalidRequest('This Checkout Session has expired.', undefined, 'checkout_session_expired');
  if (status === 'complete')
    throw invalidRequest(
      'You have already completed this Checkout Session.',
      undefined,
      'checkout_session_complete',
    );
  return record;
}

/** The intent of an earlier try that was declined, or a new one: Stripe makes it when the customer first pays. */
function intentOf(side: Side, cause: Cause, record: SessionRecord): PaymentIntentRecord {
  const { session, intentData } = record;
  const existing =
    session.payment_intent === null ? undefined : side.tables.paymentIntents.get(session.payment_intent);
  if (existing) return existing;
  const { metadata, ...details } = intentData as { metadata: Record<string, string> };
  const { amount_total: amount, currency, payment_method_types: methodTypes } = session;
  return createIntent(
    side,
    cause,
    { amount, currency, metadata, methodTypes, automatic: false, details },
    session.id,
  );
}

function complete(
  side: Side,
  cause: Cause,
  record: SessionRecord,
  payment: PaymentMethodRecord,
  payment_status: CheckoutSession['payment_status'],
): CheckoutSession {
  const { address, email, name, phone } = payment.method.billing_details;
  const session: CheckoutSession = {
    ...record.session,
    customer_details: {
      address,
      business_name: null,
      email: email ?? record.session.customer_email ?? null,
      individual_name: null,
      name,
      phone,
      tax_exempt: 'none',
      tax_ids: [],
    },
    payment_status,
    status: 'complete',
    url: null,
  };
  side.tables.sessions.set(session.id, { ...record, session });
  side.agenda.cancel(EXPIRE, session.id);
  emit(side, cause, 'checkout.session.completed', session);
  return session;
}
