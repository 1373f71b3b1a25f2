import { invalidRequest, notSupported } from '../../http/errors.js';
import { changedMetadata } from '../../http/metadata.js';
import type { Call } from '../../http/routes.js';
import { missing } from '../../http/shapes.js';
import { newId } from '../../ids.js';
import { methodTypes } from '../../payments/method-types.js';
import { nowSeconds } from '../../side.js';
import type { CheckoutSession, LineItem } from '../../tables.js';
import { EXPIRE } from './expire.js';
import { lineItems, totalOf } from './line-items.js';
import type { Creation } from './parameters.js';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

export function createSession(params: Creation, call: Call): object {
  check(params, call);
  const { side } = call;
  const lines = lineItems(params.line_items ?? [], call);
  if (lines.length === 0) throw missing('line_items');
  const session = sessionOf(params, lines, call);
  const { metadata, ...details } = params.payment_intent_data ?? {};
  const given = Object.entries(details).filter(([, value]) => value !== undefined);
  const intentData = { ...Object.fromEntries(given), metadata: changedMetadata({}, metadata) };
  side.tables.sessions.set(session.id, { session, lineItems: lines, intentData });
  side.agenda.planAt(EXPIRE, session.id, session.expires_at * 1000);
  side.cloud.tell('stripe', `${session.id} created`);
  return session;
}

function check(params: Creation, call: Call): void {
  const {
    mode,
    ui_mode: ui,
    success_url: success,
    cancel_url: cancel,
    currency,
    expires_at: expires,
  } = params;
  if (mode === undefined) throw missing('mode');
  if (mode !== 'payment') throw notSupported(`Checkout Sessions in ${mode} mode`, 'mode');
  if (ui !== undefined && ui !== 'hosted' && ui !== 'hosted_page')
    throw notSupported(`the ui_mode ${ui}`, 'ui_mode');
  if (success === undefined) throw missing('success_url');
  absolute(success, 'success_url');
  if (cancel !== undefined) absolute(cancel, 'cancel_url');
  if (currency !== undefined) throw notSupported('the parameter currency: the prices decide it', 'currency');
  if (params.customer_email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(params.customer_email))
    throw invalidRequest(
      `Invalid email address: ${params.customer_email}`,
      'customer_email',
      'email_invalid',
    );
  const types = params.payment_method_types ?? params.allowed_payment_method_types ?? [];
  if (params.payment_intent_data?.capture_method === 'manual' && types.includes('sepa_debit'))
    throw notSupported('manual capture of a SEPA Direct Debit', 'payment_intent_data[capture_method]');
  if (expires !== undefined) checkExpiry(expires, nowSeconds(call.side));
}

function checkExpiry(expires: number, now: number): void {
  if (expires < now + 30 * MINUTE - 5)
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      'expires_at',
    );
  if (expires > now + DAY + 5)
    throw invalidRequest(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      'expires_at',
    );
}

function absolute(url: string, param: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/./i.exec(url)?.[1];
  if (scheme === undefined)
    throw invalidRequest(
      'Invalid URL: An explicit scheme (such as https) must be provided.',
      param,
      'url_invalid',
    );
  // The page redirects there; a script URL must never come out of it.
  if (
    !URL.canParse(url.replaceAll('{CHECKOUT_SESSION_ID}', 'cs')) ||
    /^(javascript|data|vbscript)$/i.test(scheme)
  )
    throw invalidRequest('Not a valid URL', param, 'url_invalid');
}

function sessionOf(params: Creation, lines: LineItem[], call: Call): CheckoutSession {
  const { side, livemode } = call;
  const created = nowSeconds(side);
  const id = newId.session(livemode);
  const total = totalOf(lines);
  return {
    ...blanks(),
    id,
    object: 'checkout.session',
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: total,
    amount_total: total,
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created,
    currency: (lines[0] as LineItem).currency,
    customer_creation: params.customer_creation ?? 'if_required',
    customer_email: params.customer_email ?? null,
    expires_at: params.expires_at ?? created + DAY,
    livemode,
    locale: params.locale ?? null,
    metadata: changedMetadata({}, params.metadata),
    mode: 'payment',
    payment_intent: null,
    payment_method_collection: params.payment_method_collection ?? 'if_required',
    payment_method_options: params.payment_method_options ?? {
      card: { request_three_d_secure: 'automatic' },
    },
    payment_method_types: methodTypes(params, call.apiVersion) ?? ['card'],
    payment_status: 'unpaid',
    phone_number_collection: params.phone_number_collection ?? { enabled: false },
    status: 'open',
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${call.baseUrl}/pay/${id}`,
  };
}

/** Members of every session that nothing here ever fills. */
function blanks() {
  return {
    adaptive_pricing: null,
    after_expiration: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: null,
    customer_account: null,
    customer_details: null,
    discounts: [],
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    origin_context: null,
    payment_link: null,
    payment_method_configuration_details: null,
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    subscription: null,
    wallet_options: null,
  };
}
