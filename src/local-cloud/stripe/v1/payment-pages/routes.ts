import { causedBy } from '../../delivery/emit.js';
import { invalidRequest } from '../../http/errors.js';
import { type Call, type Route, route } from '../../http/routes.js';
import { hash, integer, optional, type Shaped, text } from '../../http/shapes.js';
import type { CheckoutSession } from '../../tables.js';
import { completeSession } from '../checkout-sessions/complete.js';
import { findSession } from '../checkout-sessions/find.js';
import { paymentMethodOf } from '../payment-methods/routes.js';

const PATH = '/v1/payment_pages/{id}';
// These endpoints are undocumented; no permission of a restricted key is known for them.
const PERMISSION = 'checkout_session';
const confirmation = {
  payment_method: text(),
  expected_amount: optional(integer({ least: 0 })),
  return_url: optional(text()),
};

/** What the Stripe CLI asks for before it pays; it reads nothing of the answer. */
function render(session: CheckoutSession): object {
  return {
    id: `ppage_${session.id.slice(-24)}`,
    object: 'payment_page',
    amount_total: session.amount_total,
    currency: session.currency,
    livemode: session.livemode,
    mode: session.mode,
    payment_intent: session.payment_intent,
    payment_method_types: session.payment_method_types,
    payment_status: session.payment_status,
    session_id: session.id,
    status: session.status,
    success_url: session.success_url,
  };
}

/** Pays a session without a browser: what the payment page does when its form is sent. */
function confirm(params: Shaped<typeof confirmation>, call: Call): object {
  const { session } = findSession(call, call.path.id as string);
  const { expected_amount: expected } = params;
  if (expected !== undefined && expected !== session.amount_total)
    throw invalidRequest(
      `The expected amount ${expected} is not the session's total of ${session.amount_total}.`,
      'expected_amount',
      'checkout_amount_mismatch',
    );
  const method = paymentMethodOf(call, params.payment_method, 'payment_method');
  return render(completeSession(call.side, causedBy(call), session.id, method));
}

export const paymentPageRoutes: Route[] = [
  route(`GET ${PATH}`, PERMISSION, hash({}), (_, call) =>
    render(findSession(call, call.path.id as string).session),
  ),
  route(`POST ${PATH}/confirm`, PERMISSION, hash(confirmation), confirm),
];
