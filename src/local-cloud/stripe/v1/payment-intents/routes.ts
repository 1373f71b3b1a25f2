import { leastCharge } from '../../catalog/currencies.js';
import { causedBy } from '../../delivery/emit.js';
import { invalidRequest } from '../../http/errors.js';
import { listPage, listParameters } from '../../http/lists.js';
import { changedMetadata } from '../../http/metadata.js';
import { type Call, type Route, route } from '../../http/routes.js';
import { hash, missing, type Shaped } from '../../http/shapes.js';
import { timeRange, within } from '../../http/time-ranges.js';
import { payIntent } from '../../payments/attempt.js';
import { captureIntent } from '../../payments/capture.js';
import { createIntent } from '../../payments/intents.js';
import { methodTypes } from '../../payments/method-types.js';
import { findIn, type PaymentIntentRecord } from '../../tables.js';
import { paymentMethodOf } from '../payment-methods/routes.js';
import { capture, confirmation, creation, intentDetails } from './parameters.js';

const PATH = '/v1/payment_intents';
const PERMISSION = 'payment_intent';

function create(params: Shaped<typeof creation>, call: Call): object {
  const { amount, currency } = params;
  if (amount < leastCharge(currency))
    throw invalidRequest(
      `Amount must be at least ${leastCharge(currency)} ${currency} in its smallest unit.`,
      'amount',
      'amount_too_small',
    );
  const details = Object.fromEntries(
    [...Object.keys(intentDetails), 'capture_method'].flatMap((name) => {
      const value = params[name as keyof typeof intentDetails | 'capture_method'];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const types = methodTypes(params, call.apiVersion);
  const automatic = params.automatic_payment_methods?.enabled ?? !types;
  const record = createIntent(
    call.side,
    causedBy(call),
    {
      amount,
      currency,
      metadata: changedMetadata({}, params.metadata),
      methodTypes: types ?? ['card'],
      automatic,
      details,
    },
    null,
  );
  return params.confirm
    ? pay(record, params.payment_method, call)
    : withMethod(record, params.payment_method, call);
}

function confirm(params: Shaped<typeof confirmation>, call: Call): object {
  const record = find(call);
  if (record.session !== null) throw invalidRequest('You cannot confirm PaymentIntents created by Checkout.');
  return pay(
    record,
    params.payment_method ?? (record.intent.payment_method as string | null) ?? undefined,
    call,
  );
}

function captureHeld({ amount_to_capture }: Shaped<typeof capture>, call: Call): object {
  const record = find(call);
  const { status, amount } = record.intent;
  if (status !== 'requires_capture')
    throw invalidRequest(
      `This PaymentIntent could not be captured because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      undefined,
      'payment_intent_unexpected_state',
    );
  if ((amount_to_capture ?? amount) > amount)
    throw invalidRequest(
      'The amount to capture is greater than the amount that can be captured.',
      'amount_to_capture',
      'amount_too_large',
    );
  return captureIntent(call.side, causedBy(call), record, amount_to_capture ?? amount).intent;
}

function pay(record: PaymentIntentRecord, methodId: string | undefined, call: Call): object {
  const { status } = record.intent;
  if (status !== 'requires_payment_method' && status !== 'requires_confirmation')
    throw invalidRequest(
      `You cannot confirm this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action, requires_payment_method.`,
      undefined,
      'payment_intent_unexpected_state',
    );
  if (methodId === undefined) throw missing('payment_method');
  const method = paymentMethodOf(call, methodId, 'payment_method');
  return payIntent(call.side, causedBy(call), record, method).intent;
}

function withMethod(record: PaymentIntentRecord, methodId: string | undefined, call: Call): object {
  if (methodId === undefined) return record.intent;
  const { method } = paymentMethodOf(call, methodId, 'payment_method');
  const intent = { ...record.intent, payment_method: method.id, status: 'requires_confirmation' };
  call.side.tables.paymentIntents.set(intent.id, { ...record, intent });
  return intent;
}

function find(call: Call): PaymentIntentRecord {
  const names = { what: 'payment_intent', param: 'intent' };
  return findIn(
    call.side.tables.paymentIntents,
    call.path.id as string,
    call.livemode,
    names,
    (r) => r.intent.livemode,
  );
}

export const paymentIntentRoutes: Route[] = [
  route(`POST ${PATH}`, PERMISSION, hash(creation), create),
  route(`GET ${PATH}`, PERMISSION, hash({ ...listParameters, created: timeRange() }), (params, call) => {
    const intents = call.side.tables.paymentIntents.values().map((record) => record.intent);
    const mine = intents.filter((intent) => intent.livemode === call.livemode).reverse();
    return listPage(mine, params, PATH, 'payment_intent', (intent) => within(params.created, intent.created));
  }),
  route(`GET ${PATH}/{id}`, PERMISSION, hash({}), (_, call) => find(call).intent),
  route(`POST ${PATH}/{id}/confirm`, PERMISSION, hash(confirmation), confirm),
  route(`POST ${PATH}/{id}/capture`, PERMISSION, hash(capture), captureHeld),
];
