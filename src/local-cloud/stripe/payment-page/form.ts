import { formatAmount } from '../catalog/currencies.js';
import type { CheckoutSession, LineItem } from '../tables.js';
import type { FieldErrors, Typed } from './fields.js';
import { escapeHtml, page } from './html.js';

type Name = Exclude<keyof Typed, 'method'>;

interface Field {
  name: Name;
  label: string;
  hint?: string;
  attributes: string;
}

const EMAIL: Field = { name: 'email', label: 'E-mail', attributes: 'type="email" autocomplete="email"' };
const PAYER: Field = { name: 'name', label: 'Name', attributes: 'autocomplete="name"' };
const CARD: Field[] = [
  {
    name: 'number',
    label: 'Card number',
    hint: 'Test cards: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined, 4000 0000 0000 9995 has insufficient funds.',
    attributes: 'inputmode="numeric" autocomplete="off"',
  },
  { name: 'expiry', label: 'Expiry date', hint: 'MM / YY, in the future', attributes: 'autocomplete="off"' },
  {
    name: 'cvc',
    label: 'Security code',
    hint: 'Any three digits',
    attributes: 'inputmode="numeric" autocomplete="off"',
  },
];
const IBAN: Field = {
  name: 'iban',
  label: 'IBAN',
  hint: 'Test accounts: AT61 1904 3002 3457 3201 pays later, AT86 1904 3002 3547 3202 fails later.',
  attributes: 'autocomplete="off"',
};
const METHODS: Record<string, string> = { card: 'Card', sepa_debit: 'SEPA Direct Debit' };

/** The form a person pays on, with what they typed and what was wrong with it. Card data is never shown again. */
export function paymentForm(
  session: CheckoutSession,
  lines: LineItem[],
  typed: Typed,
  errors: FieldErrors,
): string {
  const total = formatAmount(session.amount_total, session.currency);
  const mode = session.livemode
    ? 'Live mode of the local cloud: no test card is accepted.'
    : 'Test mode: no money moves.';
  const failed = Object.keys(errors).length > 0;
  const body = `<h1>Pay your order</h1>
<p class="hint">${mode}</p>
${failed ? summary(errors) : ''}
<table><thead><tr><th scope="col">Item</th><th scope="col">Amount</th></tr></thead><tbody>
${lines.map(line).join('\n')}
</tbody></table>
<p>Total <span class="total">${escapeHtml(total)}</span></p>
<form method="post" novalidate>
${[EMAIL, PAYER].map((field) => input(field, typed, errors)).join('\n')}
${session.amount_total === 0 ? '' : methods(session, typed, errors)}
<button type="submit">${session.amount_total === 0 ? 'Complete order' : `Pay ${escapeHtml(total)}`}</button>
</form>
${session.cancel_url ? `<p><a href="${escapeHtml(session.cancel_url)}">Go back without paying</a></p>` : ''}`;
  return page(`${failed ? 'Error: ' : ''}Pay ${escapeHtml(total)}`, body);
}

function line({ description, quantity, amount_total, currency }: LineItem): string {
  return `<tr><td>${escapeHtml(description)} × ${quantity}</td><td>${escapeHtml(formatAmount(amount_total, currency))}</td></tr>`;
}

/** Errors first, each linking to its field: what people with screen readers meet before anything else. */
function summary(errors: FieldErrors): string {
  const items = Object.entries(errors).map(([name, text]) =>
    name === 'form' ? `<li>${escapeHtml(text)}</li>` : `<li><a href="#${name}">${escapeHtml(text)}</a></li>`,
  );
  return `<div class="error-summary" role="alert"><p>The payment was not made.</p><ul>${items.join('')}</ul></div>`;
}

function methods(session: CheckoutSession, typed: Typed, errors: FieldErrors): string {
  const offered = session.payment_method_types;
  const radios = offered.map((type) => {
    const checked = type === typed.method ? ' checked' : '';
    return `<input type="radio" name="method" id="method-${type}" value="${type}"${checked}><label for="method-${type}">${METHODS[type]}</label>`;
  });
  const choice =
    offered.length > 1
      ? `<fieldset id="method"><legend>Payment method</legend>${radios.join('\n')}</fieldset>`
      : `<input type="hidden" name="method" value="${offered[0]}">`;
  const card = `<fieldset><legend>Card</legend>${CARD.map((field) => input(field, typed, errors)).join('\n')}</fieldset>`;
  const debit = `<fieldset><legend>SEPA Direct Debit</legend>${input(IBAN, typed, errors)}</fieldset>`;
  return [choice, offered.includes('card') ? card : '', offered.includes('sepa_debit') ? debit : ''].join(
    '\n',
  );
}

function input({ name, label, hint, attributes }: Field, typed: Typed, errors: FieldErrors): string {
  const error = errors[name];
  const described = [hint ? `${name}-hint` : '', error ? `${name}-error` : ''].filter(Boolean).join(' ');
  const value = name === 'email' || name === 'name' ? ` value="${escapeHtml(typed[name])}"` : '';
  return `<label for="${name}">${label}</label>
${hint ? `<p class="hint" id="${name}-hint">${hint}</p>` : ''}
${error ? `<p class="error" id="${name}-error">${escapeHtml(error)}</p>` : ''}
<input id="${name}" name="${name}" ${attributes}${value}${described ? ` aria-describedby="${described}"` : ''}${error ? ' aria-invalid="true"' : ''}>`;
}
