import type { Call } from '../../http/routes.js';
import { findIn, type SessionRecord } from '../../tables.js';

export function findSession(call: Call, id: string, param = 'session'): SessionRecord {
  const names = { what: 'checkout.session', param };
  return findIn(call.side.tables.sessions, id, call.livemode, names, (record) => record.session.livemode);
}
