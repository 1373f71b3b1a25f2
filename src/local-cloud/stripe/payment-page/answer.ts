import type { HttpAnswer, HttpRequest, HttpResponse } from '../../kernel/http.js';
import type { Cause } from '../delivery/emit.js';
import { StripeError } from '../http/errors.js';
import { parseForm } from '../http/form.js';
import { newId } from '../ids.js';
import { cardMethod, sepaMethod } from '../payments/methods.js';
import { cardOfToken } from '../payments/test-cards.js';
import type { Side } from '../side.js';
import type { PaymentMethodRecord, SessionRecord } from '../tables.js';
import { completeSession } from '../v1/checkout-sessions/complete.js';
import { toBilling } from '../v1/payment-methods/billing.js';
import { type FieldErrors, type Payment, readPayment, type Typed, typedOf } from './fields.js';
import { paymentForm } from './form.js';
import { escapeHtml, page } from './html.js';

/** The hosted payment page, `/pay/cs_…`: whoever knows the session's URL may pay it. */
export async function answerPaymentPage(side: Side, request: HttpRequest): Promise<HttpAnswer> {
  const id = request.path.slice('/pay/'.length);
  const record = side.tables.sessions.get(id);
  if (!record) return html(404, notice('Nothing to pay here', 'There is no such Checkout Session.'));
  if (request.method === 'GET') return show(side, record);
  if (request.method !== 'POST')
    return html(405, notice('Not possible', 'This page is read or sent, nothing else.'));
  const answer = pay(side, record, request);
  side.cloud.store.persist();
  return answer;
}

function show(side: Side, record: SessionRecord): HttpResponse {
  const { session, lineItems } = record;
  const closed = closedNotice(side, record);
  if (closed) return closed;
  const typed = typedOf({ email: session.customer_email ?? '' }, session);
  return html(200, paymentForm(session, lineItems, typed, {}));
}

function closedNotice(side: Side, { session }: SessionRecord): HttpResponse | undefined {
  if (session.status === 'complete')
    return html(200, notice('Thank you', 'This order is complete. Nothing is left to pay.'));
  const over = session.status === 'expired' || session.expires_at * 1000 <= side.cloud.clock.now();
  return over
    ? html(410, notice('Too late', 'This Checkout Session has expired. Start again in the shop.'))
    : undefined;
}

function pay(side: Side, record: SessionRecord, request: HttpRequest): HttpResponse {
  const { session, lineItems } = record;
  const closed = closedNotice(side, record);
  if (closed) return closed;
  const typed = typedOf(parseForm(request.body.toString('utf8')), session);
  const again = (errors: FieldErrors) => html(402, paymentForm(session, lineItems, typed, errors));
  const read = readPayment(side, session, typed);
  if ('errors' in read) return html(422, paymentForm(session, lineItems, typed, read.errors));
  const cause: Cause = { livemode: session.livemode, requestId: newId.request(), idempotencyKey: null };
  try {
    completeSession(side, cause, session.id, methodOf(side, record, typed, read.payment));
  } catch (error) {
    if (error instanceof StripeError) return again({ form: error.message });
    throw error;
  }
  const location = (session.success_url as string).replaceAll('{CHECKOUT_SESSION_ID}', session.id);
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

function methodOf(side: Side, record: SessionRecord, typed: Typed, payment: Payment): PaymentMethodRecord {
  const { livemode } = record.session;
  const billing = toBilling({ address: null, phone: null, email: typed.email, name: typed.name });
  const given = { livemode, billing, metadata: {} };
  if (payment.kind === 'sepa_debit') return sepaMethod(side, payment.iban, given);
  if (payment.kind === 'card') return cardMethod(side, payment.card, { ...given, expiry: payment.expiry });
  // An order that costs nothing needs no method; the customer's details still travel in one.
  const placeholder = cardOfToken('tok_visa');
  if (!placeholder) throw new Error('the test card tok_visa is missing');
  return cardMethod(side, placeholder, given);
}

function notice(title: string, text: string): string {
  return page(escapeHtml(title), `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(text)}</p>`);
}

function html(status: number, body: string): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      // With no referrer at all the form's origin would be null, as a foreign page's may be.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}
