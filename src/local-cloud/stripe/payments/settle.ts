import { byItself, emit } from '../delivery/emit.js';
import type { Side } from '../side.js';
import { SETTLEMENT_FAILED, settleCharge } from './charges.js';
import { moveIntent } from './intents.js';
import { outcomeOf } from './outcomes.js';

/** A delayed method comes to its end: the intent, its charge and its session move, each with its event. */
export function settle(side: Side, intentId: string): void {
  const record = side.tables.paymentIntents.get(intentId);
  if (record?.intent.status !== 'processing') return;
  const { intent } = record;
  const method = side.tables.paymentMethods.get(intent.payment_method as string);
  const succeeded = outcomeOf(method?.outcome ?? 'fails').settles?.succeeds ?? false;
  const cause = byItself(intent.livemode);
  settleCharge(side, cause, intent.latest_charge as string, succeeded);
  if (succeeded) {
    const change = { status: 'succeeded', amount_received: intent.amount };
    moveIntent(side, cause, record, change, 'payment_intent.succeeded');
  } else {
    const last_payment_error = {
      type: 'invalid_request_error',
      code: 'insufficient_funds',
      message: SETTLEMENT_FAILED,
    };
    const change = { status: 'requires_payment_method', payment_method: null, last_payment_error };
    moveIntent(side, cause, record, change, 'payment_intent.payment_failed');
  }
  const held = record.session === null ? undefined : side.tables.sessions.get(record.session);
  if (!held) return;
  const session = { ...held.session, payment_status: succeeded ? ('paid' as const) : ('unpaid' as const) };
  side.tables.sessions.set(session.id, { ...held, session });
  emit(side, cause, `checkout.session.async_payment_${succeeded ? 'succeeded' : 'failed'}`, session);
}
