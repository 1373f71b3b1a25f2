import { newId } from '../ids.js';
import { nowSeconds, type Side } from '../side.js';
import type { BillingDetails, PaymentMethodRecord } from '../tables.js';
import type { TestCard } from './test-cards.js';
import type { TestIban } from './test-ibans.js';

interface Given {
  livemode: boolean;
  billing: BillingDetails;
  metadata: Record<string, string>;
  expiry?: { month: number; year: number };
}

export function cardMethod(side: Side, card: TestCard, given: Given): PaymentMethodRecord {
  const { month: exp_month, year: exp_year } = given.expiry ?? {
    month: 12,
    year: new Date(side.cloud.clock.now()).getUTCFullYear() + 1,
  };
  const { brand, last4 } = card;
  return keep(side, given, card.outcome, 'card', {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: brand,
    exp_month,
    exp_year,
    funding: 'credit',
    generated_from: null,
    last4,
    networks: { available: [brand], preferred: null },
    three_d_secure_usage: { supported: true },
    wallet: null,
  });
}

export function sepaMethod(side: Side, iban: TestIban, given: Given): PaymentMethodRecord {
  const { country, last4 } = iban;
  return keep(side, given, iban.outcome, 'sepa_debit', {
    bank_code: null,
    branch_code: null,
    country,
    generated_from: null,
    last4,
  });
}

function keep(
  side: Side,
  given: Given,
  outcome: string,
  type: 'card' | 'sepa_debit',
  details: object,
): PaymentMethodRecord {
  const id = newId.paymentMethod();
  return side.tables.paymentMethods.set(id, {
    outcome,
    method: {
      id,
      object: 'payment_method',
      allow_redisplay: 'unspecified',
      billing_details: given.billing,
      created: nowSeconds(side),
      customer: null,
      livemode: given.livemode,
      metadata: given.metadata,
      type,
      [type]: details,
    },
  });
}
