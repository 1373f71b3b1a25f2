import type { Side } from '../../side.js';
import type { EventRecord } from '../../tables.js';

const RETENTION_SECONDS = 30 * 24 * 60 * 60;

/** Events can be listed and retrieved for 30 days. */
export function isRetained(side: Side, event: EventRecord): boolean {
  return event.created > side.cloud.clock.now() / 1000 - RETENTION_SECONDS;
}

/** Drops what no request can reach any more. */
export function pruneEvents(side: Side): void {
  for (const event of side.tables.events.values())
    if (!isRetained(side, event)) side.tables.events.delete(event.id);
}
