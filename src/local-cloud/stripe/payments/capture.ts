import type { Cause } from '../delivery/emit.js';
import type { Side } from '../side.js';
import type { PaymentIntentRecord } from '../tables.js';
import { captureCharge } from './charges.js';
import { moveIntent } from './intents.js';

/** Captures a held payment. Its session is paid from then on, and no event of the session's own says so. */
export function captureIntent(
  side: Side,
  cause: Cause,
  record: PaymentIntentRecord,
  amount: number,
): PaymentIntentRecord {
  captureCharge(side, cause, record.intent.latest_charge as string, amount);
  const change = { status: 'succeeded', amount_capturable: 0, amount_received: amount };
  const captured = moveIntent(side, cause, record, change, 'payment_intent.succeeded');
  const held = record.session === null ? undefined : side.tables.sessions.get(record.session);
  if (held)
    side.tables.sessions.set(held.session.id, {
      ...held,
      session: { ...held.session, payment_status: 'paid' },
    });
  return captured;
}
