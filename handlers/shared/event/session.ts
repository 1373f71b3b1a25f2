import type { CheckoutSession, StripeEvent } from '../../contract/stripe-event.js';
import { HandlerError } from '../errors.js';

/** The Checkout Session of an event, its members checked. @throws HandlerError MALFORMED_EVENT, naming the member */
export function sessionOf(event: StripeEvent): CheckoutSession {
  const object = event.data.object;
  const refuse = (member: string) =>
    new HandlerError('MALFORMED_EVENT', `${event.id} (${event.type}) has no usable data.object.${member}.`);
  const optional = (member: string, type: 'string' | 'number'): void => {
    const value = object[member];
    if (value !== null && value !== undefined && typeof value !== type) throw refuse(member);
  };
  if (object.object !== 'checkout.session') throw refuse('object');
  if (typeof object.id !== 'string' || !object.id.startsWith('cs_')) throw refuse('id');
  if (!['paid', 'unpaid', 'no_payment_required'].includes(String(object.payment_status)))
    throw refuse('payment_status');
  if (typeof object.livemode !== 'boolean') throw refuse('livemode');
  optional('amount_total', 'number');
  if (object.amount_total != null && !Number.isSafeInteger(object.amount_total)) throw refuse('amount_total');
  optional('currency', 'string');
  if (!isMetadata(object.metadata)) throw refuse('metadata');
  if (!isReference(object.payment_intent)) throw refuse('payment_intent');
  return object as unknown as CheckoutSession;
}

function isMetadata(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.values(value).every((item) => typeof item === 'string');
}

function isReference(value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'string') return true;
  return typeof value === 'object' && typeof (value as { id?: unknown }).id === 'string';
}

export function paymentIntentId(session: CheckoutSession): string | null {
  const reference = session.payment_intent;
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
