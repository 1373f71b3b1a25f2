/** A test card of Stripe's. Only its last four digits are ever kept. */
export interface TestCard {
  brand: 'visa' | 'mastercard' | 'amex';
  last4: string;
  /** Key of payments/outcomes.ts. */
  outcome: string;
}

const CARDS: Record<string, TestCard> = {
  '4242424242424242': visa('4242', 'succeeds'),
  '4000056655665556': visa('5556', 'succeeds'),
  '5555555555554444': { brand: 'mastercard', last4: '4444', outcome: 'succeeds' },
  '378282246310005': { brand: 'amex', last4: '0005', outcome: 'succeeds' },
  '4000000000000002': visa('0002', 'generic'),
  '4000000000009995': visa('9995', 'insufficient_funds'),
  '4000000000009987': visa('9987', 'lost_card'),
  '4000000000009979': visa('9979', 'stolen_card'),
  '4000000000000069': visa('0069', 'expired_card'),
  '4000000000000127': visa('0127', 'incorrect_cvc'),
  '4000000000000119': visa('0119', 'processing_error'),
  '4100000000000019': visa('0019', 'fraudulent'),
};

const TOKENS: Record<string, string> = {
  visa: '4242424242424242',
  visa_debit: '4000056655665556',
  mastercard: '5555555555554444',
  amex: '378282246310005',
  chargeDeclined: '4000000000000002',
  visa_chargeDeclined: '4000000000000002',
  chargeDeclinedInsufficientFunds: '4000000000009995',
  visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  chargeDeclinedLostCard: '4000000000009987',
  visa_chargeDeclinedLostCard: '4000000000009987',
  chargeDeclinedStolenCard: '4000000000009979',
  visa_chargeDeclinedStolenCard: '4000000000009979',
  chargeDeclinedExpiredCard: '4000000000000069',
  chargeDeclinedIncorrectCvc: '4000000000000127',
  chargeDeclinedProcessingError: '4000000000000119',
  chargeDeclinedFraudulent: '4100000000000019',
};

/** By number, digits only. */
export function testCard(number: string): TestCard | undefined {
  return Object.hasOwn(CARDS, number) ? CARDS[number] : undefined;
}

/** By token: `tok_visa`, `tok_chargeDeclined`, and as a ready payment method `pm_card_visa`. */
export function cardOfToken(token: string): TestCard | undefined {
  const name = /^(?:tok|pm_card)_(\w+)$/.exec(token)?.[1];
  const number = name !== undefined && Object.hasOwn(TOKENS, name) ? TOKENS[name] : undefined;
  return number === undefined ? undefined : testCard(number);
}

/** The check digit that every card number ends with. */
export function hasValidCheckDigit(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  let sum = 0;
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

function visa(last4: string, outcome: string): TestCard {
  return { brand: 'visa', last4, outcome };
}
