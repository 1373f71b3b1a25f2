import type { CheckoutSession, StripeEvent } from '../../contract/stripe-event.js';
import { HandlerError } from '../errors.js';

/** The Checkout Session of an event, its members checked. @throws HandlerError MALFORMED_EVENT, naming the member */
export function sessionOf(event: StripeEvent): CheckoutSession {
  const object = event.data.object;
  const refuse = (member: string) =>
    new HandlerError('MALFORMED_EVENT', `${event.id} (${event.type}) has no usable data.object.${member}.`);
  if (object.object !== 'checkout.session') throw refuse('object');
  if (typeof object.id !== 'string' || !object.id.startsWith('cs_')) throw refuse('id');
  if (!isOneOf(['paid', 'unpaid', 'no_payment_required'], object.payment_status))
    throw refuse('payment_status');
  if (!isAbsent(object.status) && !isOneOf(STATUS_OF[event.type] ?? [], object.status))
    throw refuse('status');
  if (typeof object.livemode !== 'boolean') throw refuse('livemode');
  for (const member of ['amount_total', 'amount_subtotal'])
    if (!isAbsent(object[member]) && !isAmount(object[member])) throw refuse(member);
  if (!areTotalDetails(object.total_details)) throw refuse('total_details');
  if (!isAbsent(object.currency) && typeof object.currency !== 'string') throw refuse('currency');
  if (!isMetadata(object.metadata)) throw refuse('metadata');
  if (!isReference(object.payment_intent)) throw refuse('payment_intent');
  return object as unknown as CheckoutSession;
}

/** What a session is when Stripe sends the event (docs.stripe.com, Checkout Session `status`). */
const STATUS_OF: Record<string, readonly string[]> = {
  'checkout.session.completed': ['complete'],
  'checkout.session.async_payment_succeeded': ['complete'],
  'checkout.session.async_payment_failed': ['complete'],
  'checkout.session.expired': ['expired'],
};

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

const isOneOf = (values: readonly string[], value: unknown): boolean =>
  typeof value === 'string' && values.includes(value);

/** Minor units that were charged: never negative. */
const isAmount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function areTotalDetails(value: unknown): boolean {
  if (isAbsent(value)) return true;
  if (typeof value !== 'object') return false;
  const { amount_tax, amount_discount, amount_shipping } = value as Record<string, unknown>;
  return [amount_tax, amount_discount, amount_shipping].every((one) => isAbsent(one) || isAmount(one));
}

function isMetadata(value: unknown): boolean {
  if (isAbsent(value)) return true;
  return typeof value === 'object' && Object.values(value).every((item) => typeof item === 'string');
}

function isReference(value: unknown): boolean {
  if (isAbsent(value) || typeof value === 'string') return true;
  return typeof value === 'object' && typeof (value as { id?: unknown }).id === 'string';
}
