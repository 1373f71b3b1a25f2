import { noSuch } from '../../http/errors.js';
import type { Call } from '../../http/routes.js';
import { type EventRecord, findIn } from '../../tables.js';
import { isRetained } from './retention.js';

/** The event of the path, while it is retained. */
export function findEvent(call: Call): EventRecord {
  const id = call.path.id as string;
  const names = { what: 'event', param: 'id' };
  const event = findIn(call.side.tables.events, id, call.livemode, names, (e) => e.livemode);
  if (!isRetained(call.side, event)) throw noSuch(names.what, id, names.param);
  return event;
}
