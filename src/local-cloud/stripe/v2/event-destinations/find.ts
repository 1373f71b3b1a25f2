import type { Call } from '../../http/routes.js';
import type { DestinationRecord } from '../../tables.js';
import { findIn } from '../../tables.js';
import { mirrorOf } from './render.js';
import { noticeSource } from './source.js';

const NAMES = { what: 'event destination', param: 'id' };

/** The destination of the path, in this key's mode, or v2's `not_found`. Mirrored v1 endpoints are found as well. */
export function findDestination(call: Call, id: string): DestinationRecord {
  const { side, livemode } = call;
  const modeOf = (record: { livemode: boolean }) => record.livemode;
  if (id.startsWith('we_'))
    return mirrorOf(findIn(side.tables.webhookEndpoints, id, livemode, NAMES, modeOf));
  return noticeSource(side, findIn(side.tables.destinations, id, livemode, NAMES, modeOf));
}

/** Stores a changed destination; a mirrored endpoint takes the change over into its own record. */
export function saveDestination(call: Call, changed: DestinationRecord): DestinationRecord {
  const { side } = call;
  const { id, enabledEvents, metadata, description, webhook, disabledBecause } = changed;
  const endpoint = side.tables.webhookEndpoints.get(id);
  if (!endpoint) return side.tables.destinations.set(id, { ...changed, updatedMs: side.cloud.clock.now() });
  const disabled = disabledBecause !== null;
  const url = webhook?.url ?? endpoint.url;
  side.tables.webhookEndpoints.set(id, {
    ...endpoint,
    ...{ enabledEvents, metadata, url, disabled, description: description === '' ? null : description },
  });
  return changed;
}
