import { invalidRequest } from '../../http/errors.js';
import { changedMetadata, metadata } from '../../http/metadata.js';
import { type Call, type Route, route } from '../../http/routes.js';
import {
  hash,
  integer,
  missing,
  oneOf,
  optional,
  type Shaped,
  text,
  unsupported,
} from '../../http/shapes.js';
import { cardMethod, sepaMethod } from '../../payments/methods.js';
import { cardOfToken, testCard } from '../../payments/test-cards.js';
import { isIban, normalIban, testIban } from '../../payments/test-ibans.js';
import { findIn, type PaymentMethodRecord } from '../../tables.js';
import { billingDetails, toBilling } from './billing.js';

const card = {
  token: optional(text()),
  number: optional(text()),
  exp_month: optional(integer({ least: 1, most: 12 })),
  exp_year: optional(integer()),
  cvc: optional(text()),
};

const creation = {
  type: oneOf('card', 'sepa_debit'),
  billing_details: optional(billingDetails),
  card: optional(hash(card)),
  sepa_debit: optional(hash({ iban: text() })),
  customer: unsupported(),
  payment_method: unsupported(),
  metadata: metadata(),
};

function create(params: Shaped<typeof creation>, call: Call): object {
  const given = {
    livemode: call.livemode,
    billing: toBilling(params.billing_details),
    metadata: changedMetadata({}, params.metadata),
  };
  if (params.type === 'card') {
    if (!params.card) throw missing('card');
    return cardMethod(call.side, cardOf(params.card), given).method;
  }
  if (!params.sepa_debit) throw missing('sepa_debit');
  const { email, name } = given.billing;
  if (!name) throw missing('billing_details[name]');
  if (!email) throw missing('billing_details[email]');
  return sepaMethod(call.side, ibanOf(params.sepa_debit.iban), given).method;
}

function cardOf(params: Shaped<typeof card>) {
  if (params.token !== undefined) {
    const known = cardOfToken(params.token);
    if (!known) throw invalidRequest(`No such token: '${params.token}'`, 'card[token]', 'resource_missing');
    return known;
  }
  if (params.number === undefined) throw missing('card[token]');
  const known = testCard(params.number.replaceAll(' ', ''));
  if (!known)
    throw invalidRequest(
      'The local cloud takes the test cards of https://stripe.com/docs/testing only.',
      'card[number]',
      'incorrect_number',
    );
  return known;
}

function ibanOf(given: string) {
  const iban = normalIban(given);
  if (!isIban(iban))
    throw invalidRequest('The IBAN you entered is invalid.', 'sepa_debit[iban]', 'invalid_bank_account_iban');
  const known = testIban(iban);
  if (!known)
    throw invalidRequest(
      'The local cloud takes the test IBANs of https://stripe.com/docs/testing only.',
      'sepa_debit[iban]',
      'invalid_bank_account_iban',
    );
  return known;
}

/** A stored payment method, or a preset such as `pm_card_visa`, which becomes one. */
export function paymentMethodOf(call: Call, id: string, param: string): PaymentMethodRecord {
  const preset = id.startsWith('pm_card_') ? cardOfToken(id) : undefined;
  if (preset)
    return cardMethod(call.side, preset, {
      livemode: call.livemode,
      billing: toBilling(undefined),
      metadata: {},
    });
  const names = { what: 'PaymentMethod', param };
  return findIn(call.side.tables.paymentMethods, id, call.livemode, names, (r) => r.method.livemode);
}

export const paymentMethodRoutes: Route[] = [
  route('POST /v1/payment_methods', 'payment_method', hash(creation), create),
  route(
    'GET /v1/payment_methods/{id}',
    'payment_method',
    hash({}),
    (_, call) => paymentMethodOf(call, call.path.id as string, 'payment_method').method,
  ),
];
