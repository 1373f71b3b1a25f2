import { listPage, listParameters } from '../../http/lists.js';
import type { Call } from '../../http/routes.js';
import { hash, oneOf, optional, type Shaped, text, unsupported } from '../../http/shapes.js';
import { timeRange, within } from '../../http/time-ranges.js';
import type { CheckoutSession } from '../../tables.js';
import { findSession } from './find.js';

const PATH = '/v1/checkout/sessions';

const parameters = {
  ...listParameters,
  created: timeRange(),
  customer: unsupported(),
  customer_details: optional(hash({ email: text() })),
  payment_intent: optional(text()),
  payment_link: unsupported(),
  status: optional(oneOf('complete', 'expired', 'open')),
  subscription: unsupported(),
};
export const sessionListing = hash(parameters);

export function listSessions(params: Shaped<typeof parameters>, call: Call): object {
  const sessions = call.side.tables.sessions.values().map((record) => record.session);
  const { payment_intent: intent, status, created, customer_details: customer } = params;
  const emailOf = (session: CheckoutSession) =>
    (session.customer_details as { email?: string } | null)?.email;
  return listPage(
    sessions.filter((session) => session.livemode === call.livemode).reverse(),
    params,
    PATH,
    'checkout.session',
    (session) =>
      (intent === undefined || session.payment_intent === intent) &&
      (status === undefined || session.status === status) &&
      (customer === undefined || emailOf(session)?.toLowerCase() === customer.email.toLowerCase()) &&
      within(created, session.created),
  );
}

/** `GET /v1/checkout/sessions/{id}/line_items`, in the order of the session. */
export function listLineItems(params: Shaped<typeof listParameters>, call: Call): object {
  const { session, lineItems } = findSession(call, call.path.id as string);
  return listPage(lineItems, params, `${PATH}/${session.id}/line_items`, 'line item', () => true);
}
