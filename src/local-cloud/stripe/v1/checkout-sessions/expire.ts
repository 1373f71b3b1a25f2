import { byItself, type Cause, causedBy, emit } from '../../delivery/emit.js';
import { invalidRequest } from '../../http/errors.js';
import type { Call } from '../../http/routes.js';
import type { Side } from '../../side.js';
import type { SessionRecord } from '../../tables.js';
import { findSession } from './find.js';

export const EXPIRE = 'expire-session';

/** `POST /v1/checkout/sessions/{id}/expire`: only an open session can expire. */
export function expireSession(_: object, call: Call): object {
  const record = findSession(call, call.path.id as string);
  if (record.session.status !== 'open')
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${record.session.status}.`,
    );
  call.side.agenda.cancel(EXPIRE, record.session.id);
  return expire(call.side, causedBy(call), record).session;
}

/** The session's time is over. */
export function expireByItself(side: Side, id: string): void {
  const record = side.tables.sessions.get(id);
  if (record?.session.status === 'open') expire(side, byItself(record.session.livemode), record);
}

function expire(side: Side, cause: Cause, record: SessionRecord): SessionRecord {
  const session = { ...record.session, status: 'expired' as const, url: null };
  const after = side.tables.sessions.set(session.id, { ...record, session });
  emit(side, cause, 'checkout.session.expired', session);
  return after;
}
