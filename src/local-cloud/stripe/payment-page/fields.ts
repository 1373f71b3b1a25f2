import { hasValidCheckDigit, type TestCard, testCard } from '../payments/test-cards.js';
import { isIban, normalIban, type TestIban, testIban } from '../payments/test-ibans.js';
import type { Side } from '../side.js';
import type { CheckoutSession } from '../tables.js';

/** What the customer typed, by field name; all text. */
export type Typed = Record<'method' | 'email' | 'name' | 'number' | 'expiry' | 'cvc' | 'iban', string>;

/** Error texts by field; `form` for what belongs to no field. */
export type FieldErrors = Partial<Record<keyof Typed | 'form', string>>;

export type Payment =
  | { kind: 'card'; card: TestCard; expiry: { month: number; year: number } }
  | { kind: 'sepa_debit'; iban: TestIban }
  | { kind: 'nothing' };

export function typedOf(form: Record<string, unknown>, session: CheckoutSession): Typed {
  const text = (name: string) =>
    typeof form[name] === 'string' ? (form[name] as string).trim().slice(0, 200) : '';
  const method = text('method') || (session.payment_method_types[0] as string);
  const [email, name, number, expiry, cvc, iban] = ['email', 'name', 'number', 'expiry', 'cvc', 'iban'].map(
    text,
  );
  return { method, email, name, number, expiry, cvc, iban } as Typed;
}

/** The payment that the fields describe, or what is wrong with them, in words for the customer. */
export function readPayment(
  side: Side,
  session: CheckoutSession,
  typed: Typed,
): { payment: Payment } | { errors: FieldErrors } {
  const errors: FieldErrors = {};
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.email))
    errors.email = 'Enter an e-mail address, like name@example.com.';
  if (typed.name === '') errors.name = 'Enter the name of the payer.';
  let payment: Payment | undefined;
  if (session.amount_total === 0) payment = { kind: 'nothing' };
  else if (!session.payment_method_types.includes(typed.method))
    errors.method = 'Choose one of the payment methods.';
  else payment = typed.method === 'card' ? readCard(side, typed, errors) : readIban(typed, errors);
  return payment && Object.keys(errors).length === 0 ? { payment } : { errors };
}

function readCard(side: Side, typed: Typed, errors: FieldErrors): Payment | undefined {
  const number = typed.number.replaceAll(/[\s-]/g, '');
  const card = testCard(number);
  if (number === '') errors.number = 'Enter a card number.';
  else if (!hasValidCheckDigit(number)) errors.number = 'Your card number is invalid.';
  else if (!card)
    errors.number = 'Only test cards are accepted here, like 4242 4242 4242 4242. Never type a real card.';
  const expiry = readExpiry(side, typed.expiry, errors);
  const digits = card?.brand === 'amex' ? 4 : 3;
  if (!new RegExp(`^\\d{${digits}}$`).test(typed.cvc))
    errors.cvc = `Enter the security code: ${digits} digits.`;
  return card && expiry ? { kind: 'card', card, expiry } : undefined;
}

function readExpiry(
  side: Side,
  text: string,
  errors: FieldErrors,
): { month: number; year: number } | undefined {
  const parts = /^(\d{1,2})\s*\/?\s*(\d{2}|20\d{2})$/.exec(text);
  const month = Number(parts?.[1]);
  if (!parts || month < 1 || month > 12) {
    errors.expiry = 'Enter the expiry date as MM / YY.';
    return undefined;
  }
  const year = 2000 + (Number(parts[2]) % 100);
  if (Date.UTC(year, month, 1) <= side.cloud.clock.now()) {
    errors.expiry = "Your card's expiration date is in the past.";
    return undefined;
  }
  return { month, year };
}

function readIban(typed: Typed, errors: FieldErrors): Payment | undefined {
  const iban = normalIban(typed.iban);
  const known = testIban(iban);
  if (!isIban(iban)) errors.iban = 'The IBAN is invalid.';
  else if (!known)
    errors.iban = 'Only test IBANs are accepted here, like AT61 1904 3002 3457 3201. Never type a real one.';
  return known ? { kind: 'sepa_debit', iban: known } : undefined;
}
